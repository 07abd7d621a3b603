//! One rule a file.

pub(super) mod dated_before_year_end;
pub(super) mod future_date;
pub(super) mod left_overs;
pub(super) mod path_year;
pub(super) mod published_before_made;
