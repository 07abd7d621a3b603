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

use super::target::Reason;

/// What the last handshake found wrong with a certificate.
pub type Refused = Arc<Mutex<Option<Reason>>>;

/// The settings of a client, and where it says why it refused a server.
pub fn config(
    fingerprint: Option<&str>,
    versions: &[&'static SupportedProtocolVersion],
) -> (Arc<ClientConfig>, Refused) {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let usual = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .expect("there are authorities");
    let refused = Refused::default();
    let verifier = Verifier { usual, fingerprint: fingerprint.map(plain), refused: refused.clone() };
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .expect("ring speaks them")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    (Arc::new(config), refused)
}

/// `SHA256:` and hexadecimal digits, with or without colons, in one form.
fn plain(fingerprint: &str) -> String {
    let digits = fingerprint.trim().trim_start_matches("SHA256:").trim_start_matches("sha256:");
    digits.chars().filter(char::is_ascii_hexdigit).collect::<String>().to_lowercase()
}

#[derive(Debug)]
struct Verifier {
    usual: Arc<WebPkiServerVerifier>,
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
        let refuse = |reason| {
            *self.refused.lock().expect("nobody panics here") = Some(reason);
        };
        match &self.fingerprint {
            Some(known) if *known == print => Ok(ServerCertVerified::assertion()),
            Some(_) => {
                refuse(Reason::Changed(format!("SHA256:{print}")));
                Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
            }
            None => self.usual.verify_server_cert(certificate, others, name, ocsp, now).inspect_err(|_| {
                refuse(Reason::Unknown(format!("SHA256:{print}")));
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
