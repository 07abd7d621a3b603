//! WebDAV (RFC 4918): files are put aside and moved over the old ones. Folders are never removed: `DELETE` of a folder
//! takes everything in it along, whoever it belongs to.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use ureq::http::{Method, Request, Response};
use ureq::{Agent, Body};

use super::address::{Remote, Scheme};
use super::connect::{Access, Secret};
use super::http;
use super::stop::Stop;
use super::target::{Abilities, Answer, Claim, Deed, Fault, Over, Put, Reason, Target, holder_scratch};
use super::tls::Refused;
use crate::diagnostic::cause;

/// What a path must not hold as it is (RFC 3986, 3.3).
const PATH: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'?').add(b'`').add(b'{').add(b'}');
/// The largest record that is read.
const LARGEST: u64 = 1 << 30;

/// A folder on a WebDAV server.
pub struct WebDav {
    client: Agent,
    server: String,
    refused: Refused,
    root: String,
    /// `Authorization`, once it is known.
    pass: Option<String>,
}

impl WebDav {
    /// Signs in. A server that wants no password is not given one.
    pub fn open(remote: &Remote, access: &Access<'_>) -> Result<Self, Stop> {
        let scheme = if remote.scheme == Scheme::Http { "http" } else { "https" };
        let port = remote.port.map(|port| format!(":{port}")).unwrap_or_default();
        let folder = utf8_percent_encode(&remote.folder, PATH);
        let root = format!("{scheme}://{}{port}{folder}", remote.host);
        let pass = remote.user.as_ref().map(|user| {
            let password = (access.secret)(Secret::Password).unwrap_or_default();
            format!("Basic {}", BASE64.encode(format!("{user}:{password}")))
        });
        let (client, refused) = http::client_of(&remote.server(), access.fingerprint);
        Ok(Self { client, server: remote.server(), refused, root, pass })
    }

    fn url(&self, path: &str) -> String {
        match path {
            "" => format!("{}/", self.root),
            _ => format!("{}/{}", self.root, utf8_percent_encode(path, PATH)),
        }
    }

    fn ask(
        &self,
        deed: Deed,
        (method, path, bytes): (&str, &str, &[u8]),
        headers: &[(&str, &str)],
    ) -> Answer<Response<Body>> {
        // Folders are asked for with a `/` at their end.
        let failed = |reason, cause| Fault::new(deed, path.trim_end_matches('/'), reason, cause);
        let method = Method::from_bytes(method.as_bytes()).expect("a method is a word");
        let mut request = Request::builder().method(method).uri(self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(pass) = &self.pass {
            request = request.header("Authorization", pass);
        }
        let sent = if bytes.is_empty() && deed != Deed::Put {
            let request = request.body(()).map_err(|error| failed(Reason::Other, cause::of(&error)))?;
            self.client.run(self.client.configure_request(request).allow_non_standard_methods(true).build())
        } else {
            let request = request.body(bytes).map_err(|error| failed(Reason::Other, cause::of(&error)))?;
            self.client.run(self.client.configure_request(request).allow_non_standard_methods(true).build())
        };
        let answer = sent.map_err(|error| {
            let refused = self.refused.lock().expect("nobody panics here").take();
            let (deed, path) = if http::is_unreached(&error) { (Deed::Connect, &*self.server) } else { (deed, path) };
            refused.unwrap_or_else(|| Fault::new(deed, path, Reason::Lost, http::cause_of(&error)))
        })?;
        let status = answer.status().as_u16();
        match status {
            401 => Err(failed(Reason::Secret, http::status(status))),
            403 => Err(failed(Reason::Denied, http::status(status))),
            507 => Err(failed(Reason::Full, http::status(status))),
            408 | 423 | 429 | 500 | 502.. => Err(failed(Reason::Lost, http::status(status))),
            _ => Ok(answer),
        }
    }

    /// Asks and wants one of these statuses.
    fn want(&self, deed: Deed, request: (&str, &str, &[u8]), headers: &[(&str, &str)], wanted: &[u16]) -> Answer<u16> {
        let mut answer = self.ask(deed, request, headers)?;
        let status = answer.status().as_u16();
        // Read to its end, so that the connection can be used again.
        let _ = answer.body_mut().with_config().limit(LARGEST).read_to_vec();
        if wanted.contains(&status) {
            return Ok(status);
        }
        Err(Fault::new(deed, request.1.trim_end_matches('/'), Reason::Other, http::status(status)))
    }

    fn to(&self, path: &str) -> String {
        self.url(path)
    }
}

impl Target for WebDav {
    fn abilities(&self) -> Abilities {
        Abilities { has_folders: true, removes_folders: false, claims: true, at_once: 8 }
    }

    fn read(&self, path: &str) -> Answer<Option<Vec<u8>>> {
        let mut answer = self.ask(Deed::Read, ("GET", path, b""), &[("Accept-Encoding", "identity")])?;
        match answer.status().as_u16() {
            200 => {
                let bytes = answer.body_mut().with_config().limit(LARGEST).read_to_vec();
                bytes.map(Some).map_err(|error| Fault::new(Deed::Read, path, Reason::Lost, http::cause_of(&error)))
            }
            404 | 410 => Ok(None),
            status => Err(Fault::new(Deed::Read, path, Reason::Other, http::status(status))),
        }
    }

    fn claim(&self, folder: &str, holder: &[u8]) -> Answer<Claim> {
        // A folder can be made only where there is none (RFC 4918, 9.3.1).
        let path = format!("{folder}/");
        if self.want(Deed::MakeFolder, ("MKCOL", &path, b""), &[], &[201, 405])? == 405 {
            return Ok(Claim::Taken);
        }
        let (scratch, whole) = (holder_scratch(folder), format!("{path}holder.json"));
        let put = Put { path: &whole, bytes: holder, headers: "", over: Over::Ours, scratch: &scratch };
        self.put(&put).map(|()| Claim::Made)
    }

    fn make_folder(&self, folder: &str) -> Answer<()> {
        let path = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let made = self.want(Deed::MakeFolder, ("MKCOL", &path, b""), &[], &[201, 301, 405]);
        if made.is_err() && folder.is_empty() {
            let start = self.root.find("://").map_or(0, |at| at + 3);
            let slashes: Vec<usize> = self.root[start..].match_indices('/').map(|(at, _)| start + at).collect();
            for at in slashes.into_iter().skip(1) {
                let above = Self {
                    client: self.client.clone(),
                    server: self.server.clone(),
                    refused: self.refused.clone(),
                    root: self.root[..at].to_owned(),
                    pass: self.pass.clone(),
                };
                let _ = above.want(Deed::MakeFolder, ("MKCOL", "", b""), &[], &[201]);
            }
            return self.want(Deed::MakeFolder, ("MKCOL", &path, b""), &[], &[201, 301, 405]).map(drop);
        }
        made.map(drop)
    }

    fn put(&self, put: &Put<'_>) -> Answer<()> {
        // Whatever it is called by now, a fault is about the file that is put.
        let of_file = |fault: Fault| match fault.deed {
            Deed::Connect => fault,
            _ => Fault { deed: Deed::Put, path: put.path.to_owned(), ..fault },
        };
        self.want(Deed::Put, ("PUT", put.scratch, put.bytes), &[], &[200, 201, 204]).map_err(of_file)?;
        let over = if put.over == Over::Ours { "T" } else { "F" };
        let headers = [("Destination", &*self.to(put.path)), ("Overwrite", over)];
        let moved = self.want(Deed::Keep, ("MOVE", put.scratch, b""), &headers, &[201, 204, 412]);
        match moved.map_err(of_file)? {
            412 => Err(Fault::foreign(put.path)),
            _ => Ok(()),
        }
    }

    fn keep(&self, from: &str, to: &str) -> Answer<()> {
        let headers = [("Destination", &*self.to(to)), ("Overwrite", "T")];
        self.want(Deed::Keep, ("COPY", from, b""), &headers, &[201, 204, 404]).map(drop)
    }

    fn remove(&self, path: &str) -> Answer<()> {
        self.want(Deed::Remove, ("DELETE", path, b""), &[], &[200, 202, 204, 404, 410]).map(drop)
    }

    fn remove_folder(&self, _: &str) -> Answer<()> {
        Ok(())
    }

    fn age(&self, path: &str) -> Answer<Option<Duration>> {
        let answer = self.ask(Deed::Read, ("HEAD", path, b""), &[])?;
        if answer.status().as_u16() == 404 {
            return Ok(None);
        }
        let time = |name: &str| httpdate::parse_http_date(answer.headers().get(name)?.to_str().ok()?).ok();
        let age = time("date").zip(time("last-modified")).and_then(|(now, written)| now.duration_since(written).ok());
        Ok(Some(age.unwrap_or_default()))
    }
}
