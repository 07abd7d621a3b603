//! TLS for servers that town halls run themselves: trusted by the usual authorities, or by a fingerprint that was
//! written down.

use std::sync::{Arc, Mutex};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    SupportedProtocolVersion,
};

use super::target::Fault;
use crate::diagnostic::{Text, cause};
use crate::text;

/// What the last handshake found wrong with a certificate.
pub type Refused = Arc<Mutex<Option<Fault>>>;

/// The settings of a client, and where it says why it refused the server, which is called `server` then.
pub fn config(
    server: &str,
    fingerprint: Option<&str>,
    versions: &[&'static SupportedProtocolVersion],
) -> (Arc<ClientConfig>, Refused) {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let usual = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .expect("there are authorities");
    let refused = Refused::default();
    let (server, fingerprint) = (server.to_owned(), fingerprint.map(plain));
    let verifier = Verifier { usual, server, fingerprint, refused: refused.clone() };
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .expect("ring speaks them")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    (Arc::new(config), refused)
}

/// Why a handshake failed.
pub fn cause_of(error: &Error) -> Text {
    use CertificateError as Bad;
    match error {
        Error::InvalidCertificate(Bad::Expired | Bad::ExpiredContext { .. }) => {
            text!("它的证书已经过期", "its certificate has expired")
        }
        Error::InvalidCertificate(Bad::NotValidYet | Bad::NotValidYetContext { .. }) => {
            text!("它的证书还没有生效", "its certificate is not valid yet")
        }
        Error::InvalidCertificate(Bad::NotValidForName | Bad::NotValidForNameContext { .. }) => {
            text!("它的证书是给别的服务器名的", "its certificate is for another name")
        }
        Error::InvalidCertificate(_) => {
            text!("它的证书不是公认的机构签发的", "its certificate is not from a known authority")
        }
        Error::InvalidMessage(_) => text!("对方说的不是 TLS", "the other side does not speak TLS"),
        other => cause::own(&other.to_string()),
    }
}

/// `SHA256:` and hexadecimal digits, with or without colons, in one form.
fn plain(fingerprint: &str) -> String {
    let digits = fingerprint.trim().trim_start_matches("SHA256:").trim_start_matches("sha256:");
    digits.chars().filter(char::is_ascii_hexdigit).collect::<String>().to_lowercase()
}

#[derive(Debug)]
struct Verifier {
    usual: Arc<WebPkiServerVerifier>,
    server: String,
    fingerprint: Option<String>,
    refused: Refused,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let digest = ring::digest::digest(&ring::digest::SHA256, certificate);
        let print: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let print_shown = format!("SHA256:{print}");
        let refuse = |fault| {
            *self.refused.lock().expect("nobody panics here") = Some(fault);
        };
        match &self.fingerprint {
            Some(known) if *known == print => Ok(ServerCertVerified::assertion()),
            Some(_) => {
                refuse(Fault::changed(&self.server, print_shown));
                Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
            }
            None => self.usual.verify_server_cert(certificate, others, name, ocsp, now).inspect_err(|error| {
                refuse(Fault::unknown(&self.server, print_shown, &cause_of(error)));
            }),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}
