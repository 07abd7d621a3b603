//! Pages of a year that is being sealed. Their links stay in the year: what the whole site has, such as the list of all
//! kinds, will be another tomorrow, and a package of the year does not hold it.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::model::catalogue::Catalogue;
use crate::model::page::Page;
use crate::model::sealed::home;

/// What is said on every page of a year that is being sealed.
#[derive(Debug, Clone, Copy)]
pub struct Sealing {
    /// The year.
    pub year: i16,
    /// The day of its newest report.
    pub as_of: Date,
}

/// The site around a year that is being sealed.
#[derive(Clone, Copy)]
pub struct Within<'a> {
    /// The year.
    pub year: i16,
    /// The whole site's catalogue: a body may link to any report, whose address is permanent.
    pub catalogue: &'a Catalogue,
    /// Every file of the whole site, sorted by address.
    pub pages: &'a [Page],
}

impl Within<'_> {
    /// Where a link of the theme leads instead: to the same in the year, if the year has it; for a town to its reports
    /// of the year; else to the year's listing. `pages` are the year's own.
    pub(super) fn instead<'t>(&self, to: &'t str, pages: &[Page]) -> Cow<'t, str> {
        let has = |address: &str| pages.binary_search_by(|page| page.address.as_str().cmp(address)).is_ok();
        if has(to) {
            return to.into();
        }
        let (own, year) = (home(self.year), self.year);
        let in_year = format!("{own}{to}");
        if has(&in_year) {
            return in_year.into();
        }
        let of_town = to.split('/').next().map(|town| format!("{town}/{year}/index.html"));
        match of_town.filter(|address| has(address)) {
            Some(of_town) => of_town.into(),
            None => format!("{own}index.html").into(),
        }
    }
}
