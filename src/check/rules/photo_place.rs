//! 图片记着拍摄地点或拥有者 / An image that says where it was taken, or by whom
//!
//! 手机、相机会在照片里写入拍摄地点的经纬度和拥有者姓名（EXIF），读者下载后看得见，入户照片因此暴露住址（个人信息保护法第二十八条）。用看图软件
//! 另存，或在文件属性里选“删除属性和个人信息”。
//!
//! Telephones and cameras write the place and the owner's name into photos (EXIF), where everybody who downloads them can
//! read it: a photo of a visit gives away an address (个人信息保护法 article 28). Save the image anew with a viewer, or
//! remove its properties.
//!
//! ```text
//! GPS：28 deg 50 min 23 sec，108 deg 46 min 12 sec
//! ```

use crate::check::rule::{Reach, Rule};
use crate::diagnostic::{Severity, codes};
use crate::model::contents::MarkKind;
use crate::text;

pub(in crate::check) static RULE: Rule = Rule {
    reach: Reach::Files,
    look: |subject, findings| {
        let marks = subject.contents.map_or(&[][..], |contents| &contents.marks);
        for mark in marks {
            let message = match mark.kind {
                MarkKind::Position => text!("图片记着拍摄地点", "the image says where it was taken"),
                MarkKind::Owner => text!("图片记着个人姓名", "the image names a person"),
                _ => continue,
            };
            findings
                .at(subject, mark.range.clone(), message)
                .help(text!("去掉图片的属性后再公开", "remove the properties of the image before it is published"));
        }
    },
    ..Rule::new(codes::PHOTO_PLACE, Severity::Warning, include_str!("photo_place.rs"))
};
