//! Time stamps of an authority: OpenSSL on loopback signs, the program checks, and what was changed is found.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use gongkai::archive::prove::Stamp;
use gongkai::archive::stamp::check;

use super::{gongkai, must, run, sealed};

fn openssl(arguments: &[&str], folder: &Path) -> String {
    must(&run(Path::new("openssl"), arguments, folder))
}

const SETTINGS: &str = "[tsa]\ndefault_tsa = one\n[one]\nserial = serial\nsigner_cert = tsa.pem\n\
    signer_key = tsa.key\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256, sha512\n\
    ess_cert_id_alg = sha256\n\
    [stamps]\nbasicConstraints = CA:FALSE\nkeyUsage = critical, digitalSignature\nextendedKeyUsage = critical, timeStamping\n\
    [ca]\nbasicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign\n";

/// An authority with keys of this kind, and somebody else whose word counts for nothing.
fn authority(kind: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("settings"), SETTINGS).unwrap();
    std::fs::write(at.join("serial"), "01\n").unwrap();
    for (key, name) in [("ca", "时间戳根"), ("tsa", "县时间戳服务"), ("other", "别人")] {
        let file = format!("{key}.key");
        openssl(&[&["genpkey", "-out", &file], kind].concat(), at);
        let subject = format!("/C=CN/CN={name}");
        let (request, days) = (format!("{key}.csr"), ["-days", "36500"]);
        openssl(&["req", "-new", "-utf8", "-key", &file, "-subj", &subject, "-out", &request], at);
        let sign: &[&str] = match key {
            "ca" | "other" => &["-signkey", &file, "-extensions", "ca"],
            _ => &["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extensions", "stamps"],
        };
        let certificate = format!("{key}.pem");
        let own = ["x509", "-req", "-in", &request, "-extfile", "settings", "-out", &certificate];
        openssl(&[&own[..], &days, sign].concat(), at);
    }
    folder
}

/// Answers requests for time stamps on loopback; gives the address.
fn serve(authority: &Path) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let folder = authority.to_owned();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let (mut length, mut kind) = (0, String::new());
            for line in reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()) {
                let line = line.to_ascii_lowercase();
                length = line.strip_prefix("content-length: ").map_or(length, |length| length.parse().unwrap());
                kind = line.strip_prefix("content-type: ").map_or(kind, str::to_owned);
            }
            assert_eq!(kind, "application/timestamp-query");
            let mut question = vec![0; length];
            reader.read_exact(&mut question).unwrap();
            std::fs::write(folder.join("question.tsq"), question).unwrap();
            let reply = ["ts", "-reply", "-config", "settings", "-queryfile", "question.tsq", "-out", "answer.tsr"];
            openssl(&reply, &folder);
            let answer = std::fs::read(folder.join("answer.tsr")).unwrap();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                answer.len()
            );
            let _ = stream.write_all(&[head.as_bytes(), &answer].concat());
        }
    });
    url
}

fn code_of(site: &Path) -> String {
    let log = std::fs::read_to_string(site.join("archive/seals.jsonl")).unwrap();
    let last: serde_json::Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    last["code"].as_str().unwrap().to_owned()
}

fn verified(folder: &Path, authorities: Option<&PathBuf>) -> (bool, serde_json::Value) {
    let mut arguments = vec!["archive", "verify", "--site", "site", "--json"];
    arguments.extend(authorities.iter().flat_map(|path| ["--tsa-ca", path.to_str().unwrap()]));
    let output = gongkai(&arguments, folder);
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    (output.status.success(), said["years"][0]["anchors"].clone())
}

#[test]
fn a_time_stamp_is_asked_for_checked_stored_and_published() {
    for kind in [
        &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"][..],
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    ] {
        let authority = authority(kind);
        let pem = |name: &str| authority.path().join(name);
        let url = serve(authority.path());
        let folder = sealed();
        let at = folder.path();
        let stamp = ["archive", "stamp", "2023", "--site", "site", "--tsa", &url];
        let said = must(&gongkai(&stamp, at));
        assert!(said.contains("证书由谁签发没有核对"), "{said}");
        let file = at.join("site/archive/2023-v1.tsr");
        let stored = std::fs::read(&file).unwrap();

        // OpenSSL agrees that it is a time stamp of seal.json.
        let seal = at.join("site/archive/2023/v1/years/2023/seal.json");
        let (ca, tsr) = (pem("ca.pem"), file.to_str().unwrap());
        let theirs = ["ts", "-verify", "-data", seal.to_str().unwrap(), "-in", tsr, "-CAfile", ca.to_str().unwrap()];
        openssl(&theirs, at);

        // Without the authority's own certificate nobody outside bears witness; with it somebody does.
        let (sound, anchors) = verified(at, None);
        assert!(sound && anchors["time_stamp"]["holds"] == true && anchors["outside"] == false, "{anchors}");
        let (sound, anchors) = verified(at, Some(&pem("ca.pem")));
        assert!(sound && anchors["time_stamp"]["trusted"] == true && anchors["outside"] == true, "{anchors}");
        assert!(anchors["time_stamp"]["by"].as_str().unwrap().contains("县时间戳服务"), "{anchors}");
        let (sound, anchors) = verified(at, Some(&pem("other.pem")));
        assert!(!sound && anchors["time_stamp"]["holds"] == false, "{anchors}");

        // Every byte of the token alone, for nothing signs the words of the answer around it; and another seal's code.
        openssl(&["ts", "-reply", "-in", tsr, "-token_out", "-out", "token"], at);
        let token = std::fs::read(at.join("token")).unwrap();
        let code = code_of(&at.join("site"));
        let pem_bytes = std::fs::read(pem("ca.pem")).unwrap();
        let holds = |token: &[u8], code: &str| matches!(check(token, code, Some(&pem_bytes)), Stamp::Holds(_));
        assert!(holds(&token, &code));
        let unseen: Vec<usize> = (0..token.len())
            .filter(|&place| {
                let mut token = token.clone();
                token[place] ^= 1 << (place % 8);
                holds(&token, &code)
            })
            .collect();
        assert_eq!(unseen, Vec::<usize>::new(), "of {} bytes", token.len());
        assert!(!holds(&token, &code.replace(['0', '1'], "2")) && !holds(&token[..token.len() - 1], &code));

        // The build puts it on the site, where the page of corrections leads to it.
        must(&gongkai(&["build", "--site", "site"], at));
        assert_eq!(std::fs::read(at.join("site/public/archive/2023-v1.tsr")).unwrap(), stored);
        let page = std::fs::read_to_string(at.join("site/public/archive/2023.html")).unwrap();
        assert!(page.contains("href=\"2023-v1.tsr\""), "{page}");
        let folder_of_others =
            must(&gongkai(&["archive", "verify", "site/public", "--tsa-ca", ca.to_str().unwrap()], at));
        assert!(folder_of_others.contains("签名和证书链核对无误"), "{folder_of_others}");
    }
}

#[test]
fn what_is_no_time_stamp_of_the_seal_is_not_stored() {
    let authority = authority(&["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]);
    let folder = sealed();
    let at = folder.path();
    let code = code_of(&at.join("site"));
    // Of another file; no token at all; by an authority that nobody trusts.
    let in_house = |arguments: &[&str]| openssl(arguments, authority.path());
    in_house(&["ts", "-query", "-digest", &code.replace('0', "1"), "-sha256", "-cert", "-out", "other.tsq"]);
    in_house(&["ts", "-query", "-digest", &code, "-sha256", "-cert", "-out", "own.tsq"]);
    in_house(&["ts", "-reply", "-config", "settings", "-queryfile", "other.tsq", "-out", "other.tsr"]);
    in_house(&["ts", "-reply", "-config", "settings", "-queryfile", "own.tsq", "-out", "own.tsr"]);
    in_house(&["ts", "-reply", "-config", "settings", "-queryfile", "own.tsq", "-token_out", "-out", "token.tsr"]);
    std::fs::write(authority.path().join("nonsense.tsr"), "x").unwrap();
    let stamp = |name: &str, ca: &str| {
        let (token, ca) = (authority.path().join(name), authority.path().join(ca));
        let (token, ca) = (token.to_str().unwrap(), ca.to_str().unwrap());
        let arguments = ["archive", "stamp", "2023", "--site", "site", "--token", token, "--tsa-ca", ca];
        gongkai(&arguments, at).status.code()
    };
    for (name, ca) in [("other.tsr", "ca.pem"), ("nonsense.tsr", "ca.pem"), ("own.tsr", "other.pem")] {
        assert_eq!(stamp(name, ca), Some(1), "{name}");
        assert!(!at.join("site/archive/2023-v1.tsr").exists(), "{name}");
    }
    for name in ["own.tsr", "token.tsr"] {
        assert_eq!(stamp(name, "ca.pem"), Some(0), "{name}");
    }
}
