//! What day it is, passed in so that output never depends on it unseen.

use jiff::civil::Date;

/// Today, as the site's readers would say it.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    today: Date,
}

impl Clock {
    /// Reads the machine's clock once, in the site's time zone (Asia/Shanghai, without daylight saving).
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    pub fn system() -> Self {
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
        Self { today: jiff::Timestamp::now().to_zoned(zone).date() }
    }

    /// Nanoseconds since 1970, for telling whether a file has only just been written. Nothing that is made depends on it.
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    pub fn moment() -> i128 {
        jiff::Timestamp::now().as_nanosecond()
    }

    /// A clock that stands still, for tests.
    pub fn fixed(today: Date) -> Self {
        Self { today }
    }

    /// The day.
    pub fn today(&self) -> Date {
        self.today
    }
}
