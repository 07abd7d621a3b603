//! `gongkai archive export`: packages of a sealed year, proven before they leave the house.

use crate::archive::package::{self, Form, NOWHERE};
use crate::cli::{ArchiveExport, PackageForm};
use crate::command::{Ending, failed};
use crate::config;
use crate::diagnostic::Language;
use crate::source::RealDisk;
use crate::text;

use super::verified::told;

/// Runs the verb.
pub(super) fn run(asked: &ArchiveExport, language: Language) -> Ending {
    let disk = &RealDisk;
    let base = match asked.base_url.as_deref().map(config::base_url) {
        None => None,
        Some(Ok(url)) => Some(url),
        Some(Err(why)) => {
            eprintln!("{}", why.in_language(language));
            return Ending::Failed;
        }
    };
    let entry = match super::chosen(&asked.of, language) {
        Ok(entry) => entry,
        Err(ending) => return ending,
    };
    let forms: &[Form] = match asked.form {
        None => &[Form::Wacz, Form::Bag, Form::Zip],
        Some(PackageForm::Wacz) => &[Form::Wacz],
        Some(PackageForm::Bagit) => &[Form::Bag],
        Some(PackageForm::Zip) => &[Form::Zip],
    };
    let to = asked.to.clone().unwrap_or_else(|| asked.of.site.join("export"));
    for &form in forms {
        match package::export(disk, (&asked.of.site, &entry), form, base.as_deref(), &to) {
            Ok(Ok(path)) => println!("{}", path.display()),
            Ok(Err(found)) => {
                found.iter().for_each(|finding| eprint!("{}", told(finding, language)));
                let said = text!("没有导出：归档文件与封存时不同", "not exported: the archive is not as it was sealed");
                eprintln!("{}", said.in_language(language));
                return Ending::Faulty;
            }
            Err(error) => return failed(&error, language),
        }
    }
    let nowhere = base.is_none() && forms.contains(&Form::Wacz);
    let said = text!(
        "网站地址未知时，WACZ 里的页面写作 {NOWHERE}；可用 --base-url 指定",
        "where the site's address is not known, pages in the WACZ stand at {NOWHERE}; --base-url names another"
    );
    if nowhere {
        eprintln!("{}", said.in_language(language));
    }
    Ending::Done
}
