//! Aliyun OSS, Tencent COS and Huawei OBS, none of which anybody can start on loopback. In their place stands a double
//! that the program reaches as a proxy, so that every request goes out with the very host, path and signature that it
//! would have. The double works every signature out anew as we understand these services and lets nothing else in.
//! What the real services make of all this is not shown here.

use std::collections::BTreeMap;
use std::process::Output;
use std::sync::{Arc, Mutex};

use hyper::{Method, Response};
use sha1::{Digest, Sha1};
use sha2::Sha256;

use super::between::{self, Asked, Between, Reply};
use super::servers::files_below;
use super::town::Town;

const KEY: (&str, &str) = ("AKIDEXAMPLE", "secret/EXAMPLE+key");

/// What is particular to a provider.
#[derive(Clone, Copy)]
struct Cloud {
    to: &'static str,
    host: &'static str,
    /// What its own headers begin with.
    prefix: &'static str,
    /// Whether it knows a header that forbids to replace an object.
    forbids: bool,
    /// Whether a request is signed with the key.
    is_signed: fn(&Asked) -> bool,
}

const OSS: Cloud = Cloud {
    to: "oss://xxgk-1/town/xxgk?endpoint=http://oss-cn-beijing.aliyuncs.com",
    host: "xxgk-1.oss-cn-beijing.aliyuncs.com",
    prefix: "x-oss-",
    forbids: true,
    is_signed: is_signed_for_oss,
};

const COS: Cloud = Cloud {
    to: "cos://xxgk-1250000000/town/xxgk?endpoint=http://cos.ap-beijing.myqcloud.com",
    host: "xxgk-1250000000.cos.ap-beijing.myqcloud.com",
    prefix: "x-cos-",
    forbids: true,
    is_signed: is_signed_for_cos,
};

const OBS: Cloud = Cloud {
    to: "obs://xxgk-1/town/xxgk?endpoint=http://obs.cn-north-4.myhuaweicloud.com",
    host: "xxgk-1.obs.cn-north-4.myhuaweicloud.com",
    prefix: "x-obs-",
    forbids: false,
    is_signed: |asked| asked.header("authorization") == signature_for_obs(asked),
};

/// RFC 2104, for hashes that work on blocks of 64 bytes.
fn hmac<D: Digest>(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let pad = |with: u8| block.map(|byte| byte ^ with);
    let inner = D::new().chain_update(pad(0x36)).chain_update(message).finalize();
    D::new().chain_update(pad(0x5c)).chain_update(inner).finalize().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Aliyun's “Include a V4 signature in the header”.
fn is_signed_for_oss(asked: &Asked) -> bool {
    let written = asked.header("authorization").strip_prefix("OSS4-HMAC-SHA256 ").unwrap_or_default().to_owned();
    let parts: BTreeMap<&str, &str> = written.split(',').filter_map(|part| part.trim().split_once('=')).collect();
    let part = |name: &str| parts.get(name).copied().unwrap_or_default();
    let time = asked.header("x-oss-date");
    let scope = format!("{}/cn-beijing/oss/aliyun_v4_request", time.split('T').next().unwrap());
    let additional: Vec<&str> = part("AdditionalHeaders").split(';').filter(|name| !name.is_empty()).collect();
    let is_signed = |name: &str| {
        name.starts_with("x-oss-") || ["content-type", "content-md5"].contains(&name) || additional.contains(&name)
    };
    let headers: BTreeMap<&str, &str> = asked
        .headers
        .iter()
        .filter(|(name, _)| is_signed(name.as_str()))
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap().trim()))
        .collect();
    let headers: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let bucket = asked.uri.host().unwrap().split('.').next().unwrap();
    let (method, path) = (&asked.method, asked.uri.path());
    let request = format!("{method}\n/{bucket}{path}\n\n{headers}\n{}\nUNSIGNED-PAYLOAD", additional.join(";"));
    let text = format!("OSS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Sha256::digest(request)));
    let key = scope
        .split('/')
        .fold(format!("aliyun_v4{}", KEY.1).into_bytes(), |key, part| hmac::<Sha256>(&key, part.as_bytes()));
    asked.header("x-oss-content-sha256") == "UNSIGNED-PAYLOAD"
        && part("Credential") == format!("{}/{scope}", KEY.0)
        && part("Signature") == hex(&hmac::<Sha256>(&key, text.as_bytes()))
}

/// Huawei's “Authentication of signature in a header”.
fn signature_for_obs(asked: &Asked) -> String {
    use base64::Engine;
    let (name, prefix) = ("OBS", "x-obs-");
    let own: BTreeMap<&str, &str> = asked
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
        .filter(|(name, _)| name.starts_with(prefix))
        .collect();
    let own: String = own.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let bucket = asked.uri.host().unwrap().split('.').next().unwrap();
    let [md5, content_type, date] = ["content-md5", "content-type", "date"].map(|name| asked.header(name));
    let path = percent_encoding::percent_decode_str(asked.uri.path()).decode_utf8().unwrap();
    let text = format!("{}\n{md5}\n{content_type}\n{date}\n{own}/{bucket}{path}", asked.method);
    let signature = base64::engine::general_purpose::STANDARD.encode(hmac::<Sha1>(KEY.1.as_bytes(), text.as_bytes()));
    format!("{name} {}:{signature}", KEY.0)
}

/// Tencent's “Request signature” (document 436/7778).
fn is_signed_for_cos(asked: &Asked) -> bool {
    let written = asked.header("authorization").to_owned();
    let parts: BTreeMap<&str, &str> = written.split('&').filter_map(|part| part.split_once('=')).collect();
    let escape = |value: &str| {
        let escape = |byte: u8| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        };
        value.bytes().map(escape).collect::<String>()
    };
    let names = parts["q-header-list"].split(';').filter(|name| !name.is_empty());
    let headers: Vec<String> = names.map(|name| format!("{name}={}", escape(asked.header(name)))).collect();
    let (method, path) = (asked.method.as_str().to_lowercase(), asked.uri.path());
    let request = format!("{method}\n{path}\n\n{}\n", headers.join("&"));
    let time = parts["q-sign-time"];
    let text = format!("sha1\n{time}\n{}\n", hex(&Sha1::digest(request)));
    let key = hex(&hmac::<Sha1>(KEY.1.as_bytes(), parts["q-key-time"].as_bytes()));
    (parts["q-sign-algorithm"], parts["q-ak"], parts["q-url-param-list"]) == ("sha1", KEY.0, "")
        && parts["q-signature"] == hex(&hmac::<Sha1>(key.as_bytes(), text.as_bytes()))
}

/// An object: its bytes, content type and cache control.
type Object = (Vec<u8>, String, String);

/// What the double was asked and holds.
#[derive(Default)]
struct Held {
    objects: BTreeMap<String, Object>,
    /// Requests that it did not let in, with the reason.
    wrong: Vec<String>,
    forbidding: Vec<String>,
}

fn double(cloud: Cloud) -> (Between, Arc<Mutex<Held>>) {
    let held = Arc::new(Mutex::new(Held::default()));
    let of_test = held.clone();
    (between::start(move |asked| answer(cloud, &mut held.lock().unwrap(), &asked)), of_test)
}

fn answer(cloud: Cloud, held: &mut Held, asked: &Asked) -> Reply {
    let path = asked.uri.path().to_owned();
    let line = format!("{} {}", asked.method, asked.uri);
    if asked.uri.host() != Some(cloud.host) || asked.header("host") != cloud.host || asked.uri.query().is_some() {
        held.wrong.push(format!("{line}: another host or a query"));
        return between::status(400, "");
    }
    if !(cloud.is_signed)(asked) {
        held.wrong.push(format!("{line}: {:?}", asked.headers));
        return between::status(403, "<Error><Code>SignatureDoesNotMatch</Code></Error>");
    }
    let missing = || between::status(404, "<Error><Code>NoSuchKey</Code></Error>");
    let shown = |(bytes, content_type, cache): &Object| {
        let reply = Response::builder()
            .header("content-type", content_type)
            .header("cache-control", cache)
            .header("content-length", bytes.len())
            .header("etag", "\"0\"")
            .header("last-modified", "Thu, 15 Jan 2026 08:00:00 GMT");
        Some(reply.body(if asked.method == Method::HEAD { Vec::new() } else { bytes.clone() }).unwrap())
    };
    match asked.method.as_str() {
        "GET" | "HEAD" => held.objects.get(&path).map_or_else(missing, shown),
        "DELETE" => {
            held.objects.remove(&path);
            between::status(204, "")
        }
        "PUT" => {
            let forbids = asked.header(&format!("{}forbid-overwrite", cloud.prefix)) == "true";
            if forbids {
                held.forbidding.push(path.clone());
            }
            if forbids && held.objects.contains_key(&path) {
                return between::status(409, "<Error><Code>FileAlreadyExists</Code></Error>");
            }
            let source = asked.header(&format!("{}copy-source", cloud.prefix));
            let object = match source.split_once('/').map(|(_, rest)| rest.split_once('/')) {
                Some(Some((_bucket, key))) => match held.objects.get(&format!("/{key}")) {
                    Some(object) => object.clone(),
                    None => return missing(),
                },
                _ => {
                    let header = |name: &str| asked.header(name).to_owned();
                    (asked.body.clone(), header("content-type"), header("cache-control"))
                }
            };
            held.objects.insert(path, object);
            let done = "<CopyObjectResult><ETag>\"0\"</ETag></CopyObjectResult>";
            let mut reply = between::status(200, if source.is_empty() { "" } else { done }).unwrap();
            reply.headers_mut().insert("etag", "\"0\"".parse().unwrap());
            Some(reply)
        }
        other => {
            held.wrong.push(format!("{line}: {other} was never needed"));
            between::status(405, "")
        }
    }
}

fn publish(town: &Town, double: &Between, arguments: &[&str]) -> Output {
    let mut command = town.command(&["publish", "--no-verify", "--with-errors", "--lang", "en"]);
    let proxy = format!("http://127.0.0.1:{}", double.port);
    command.args(arguments).env("http_proxy", proxy).env_remove("no_proxy").env_remove("NO_PROXY");
    command.env("GONGKAI_ACCESS_KEY", KEY.0).env("GONGKAI_SECRET_KEY", KEY.1);
    command.output().unwrap()
}

fn is_spoken_to_as_documented(cloud: Cloud) {
    let (double, held) = double(cloud);
    let town = Town::at(cloud.to);
    held.lock().unwrap().objects.insert("/town/county.html".into(), (b"county".into(), String::new(), String::new()));
    if !cloud.forbids {
        let refused = publish(&town, &double, &[]);
        assert_eq!(refused.status.code(), Some(2));
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(said.contains("cannot keep two publishers apart") && said.contains("--unlocked"), "{said}");
    }
    let unlocked = if cloud.forbids { &[][..] } else { &["--unlocked"] };
    for url in ["https://www.example.gov.cn/1/", "https://www.example.gov.cn/2/"] {
        let output = publish(&town, &double, &[unlocked, &["--base-url", url]].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        let mut held = held.lock().unwrap();
        assert_eq!(held.wrong, Vec::<String>::new());
        assert!(output.status.success(), "{said}");
        let public = |path: &str| Some(path.strip_prefix("/town/xxgk/")?.to_owned());
        let there = held.objects.iter().filter_map(|(path, (bytes, ..))| Some((public(path)?, bytes.clone())));
        let there: BTreeMap<String, Vec<u8>> = there.filter(|(path, _)| !path.starts_with(".gongkai/")).collect();
        assert_eq!(there, files_below(&town.folder.path().join("public"), &[".gongkai"]));
        let (_, content_type, cache) = &held.objects["/town/xxgk/index.html"];
        assert_eq!((content_type.as_str(), cache.as_str()), ("text/html; charset=utf-8", "no-cache"));
        let claims = held.forbidding.iter().filter(|path| path.ends_with("/holder.json")).count();
        assert_eq!(claims, if cloud.forbids { 2 } else { 0 }, "a generation is claimed twice: {:?}", held.forbidding);
        held.forbidding.clear();
        assert_eq!(held.objects["/town/county.html"].0, b"county");
    }
    // An object of others is not replaced.
    held.lock()
        .unwrap()
        .objects
        .insert("/town/xxgk/ding2shi2zhen/2024/r9.html".into(), (b"county".into(), String::new(), String::new()));
    town.report("r9", 2024);
    let output = publish(&town, &double, &[unlocked, &["--base-url", "https://www.example.gov.cn/2/"]].concat());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("2024/r9.html is there already"), "{said}");
    assert_eq!(held.lock().unwrap().objects["/town/xxgk/ding2shi2zhen/2024/r9.html"].0, b"county");
    assert_eq!(held.lock().unwrap().wrong, Vec::<String>::new());
}

#[test]
fn aliyun_oss() {
    is_spoken_to_as_documented(OSS);
}

#[test]
fn tencent_cos() {
    is_spoken_to_as_documented(COS);
}

#[test]
fn huawei_obs() {
    is_spoken_to_as_documented(OBS);
}
