//! Looking at the public address: every way in which it can show something else is told apart and explained.

use std::collections::BTreeMap;

use gongkai::diagnostic::Text;
use gongkai::publish::double::Double;
use gongkai::publish::session::Outcome;
use gongkai::publish::verify::{Reply, Trouble, verify};
use gongkai::text;

use super::desk::{Desk, Site, year};

const URL: &str = "https://www.example.gov.cn/xxgk/";

/// What a web server would say of a file of this site.
fn served(site: &Site, url: &str) -> Reply {
    let path = url.strip_prefix(URL).unwrap().split('?').next().unwrap();
    let content_type = if path.ends_with(".html") { "text/html; charset=utf-8" } else { "text/plain" };
    match site.get(path) {
        Some(bytes) => {
            Reply { status: 200, content_type: content_type.into(), body: bytes.clone(), ..Reply::default() }
        }
        None => Reply { status: 404, ..Reply::default() },
    }
}

/// Publishes another site and looks at it through `reply`, which is given the old site, the new one, and a URL.
fn troubles(reply: &(dyn Fn(&Site, &Site, &str) -> Result<Reply, Text> + Sync)) -> BTreeMap<Trouble, Vec<String>> {
    let (double, desk) = (Double::like_a_server(), Desk::new("甲"));
    let (old, new) = (year(5), year(3));
    desk.publish(&double, &old).unwrap();
    let Ok(Outcome::Done(plan, _)) = desk.publish(&double, &new) else { panic!("not published") };
    let manifest = desk.build(&new).1.manifest;
    verify(URL, (&plan.changed, &plan.removed), &manifest, &|url| reply(&old, &new, url), &|| {})
}

fn kinds(troubles: &BTreeMap<Trouble, Vec<String>>) -> Vec<&Trouble> {
    troubles.keys().collect()
}

#[test]
fn what_is_right_is_right() {
    assert!(troubles(&|_, new, url| Ok(served(new, url))).is_empty());
    // A server that answers everything, even what is gone, with a page that says so.
    let polite = troubles(&|_, new, url| {
        let reply = served(new, url);
        Ok(if reply.status == 404 { Reply { status: 200, body: b"gone".to_vec(), ..reply } } else { reply })
    });
    assert!(polite.is_empty());
}

#[test]
fn each_trouble_has_its_name() {
    let stale = troubles(&|old, new, url| {
        Ok(served(if url.contains('?') || !url.ends_with("index.html") { new } else { old }, url))
    });
    assert_eq!(stale, BTreeMap::from([(Trouble::Stale, vec!["index.html".to_owned()])]));

    let wrong_folder = troubles(&|old, _, url| Ok(served(old, url)));
    assert_eq!(kinds(&wrong_folder), [&Trouble::Missing, &Trouble::Old, &Trouble::StillThere]);

    let wrong_address = troubles(&|_, _, _| Ok(Reply { status: 404, ..Reply::default() }));
    assert_eq!(kinds(&wrong_address), [&Trouble::Missing]);
    assert!(wrong_address.keys().next().unwrap().help().zh.contains("base_url"));

    let downloads = troubles(&|_, new, url| Ok(Reply { disposition: "attachment".into(), ..served(new, url) }));
    assert_eq!(kinds(&downloads), [&Trouble::Download]);
    let octets =
        troubles(&|_, new, url| Ok(Reply { content_type: "application/octet-stream".into(), ..served(new, url) }));
    assert_eq!(kinds(&octets), [&Trouble::Download]);
    assert!(octets.keys().next().unwrap().help().zh.contains("绑定自己的域名"));

    let plain = troubles(&|_, new, url| Ok(Reply { content_type: "text/plain".into(), ..served(new, url) }));
    assert_eq!(kinds(&plain), [&Trouble::Type("text/plain".into())]);

    let injected = troubles(&|_, new, url| {
        let mut reply = served(new, url);
        reply.body.extend(b"<script>ads</script>");
        Ok(reply)
    });
    assert_eq!(kinds(&injected), [&Trouble::Other]);

    let down = troubles(&|_, _, _| Err(text!("连不上", "refused")));
    assert_eq!(kinds(&down), [&Trouble::Unreachable(text!("连不上", "refused"))]);
    let message = down.keys().next().unwrap().message(&[], URL);
    assert!(
        message.zh.ends_with("打不开：连不上") && message.en.ends_with("cannot be reached: refused"),
        "{message:?}"
    );
    let blocked = troubles(&|_, _, _| Ok(Reply { status: 503, ..Reply::default() }));
    assert_eq!(kinds(&blocked), [&Trouble::Status(503)]);
    let message = blocked.keys().next().unwrap().message(&blocked[&Trouble::Status(503)], URL);
    assert!(message.zh.contains("503") && message.en.contains("503"));
}
