//! Time-stamp tokens (RFC 3161) of seals: what an authority signed on a day, so that nobody can have made the seal
//! later. A token is asked for over HTTP or comes as a file, and is believed only after its signature was checked.

use cms::cert::CertificateChoices;
use cms::cert::x509::Certificate;
use cms::cert::x509::der::asn1::{ObjectIdentifier, OctetString};
use cms::cert::x509::der::oid::db::{rfc5911, rfc5912};
use cms::cert::x509::der::{Any, Decode, Encode, Tag, Tagged};
use cms::cert::x509::ext::pkix::SubjectKeyIdentifier;
use cms::cert::x509::spki::AlgorithmIdentifier;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};
use x509_tsp::{MessageImprint, TimeStampReq, TimeStampResp, TspVersion, TstInfo};

use super::prove::{Stamp, Witness};
use crate::diagnostic::Text;
use crate::text;

/// id-ct-TSTInfo (RFC 3161, 2.4.2): what is signed is a time stamp.
const TOKEN_CONTENT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
/// id-kp-timeStamping (RFC 3161, 2.3), without tag and length.
const TIME_STAMPING: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 3, 8];
/// id-aa-signingCertificate and its second form (RFC 5816): which certificate has signed.
const SIGNING_CERTIFICATES: [&str; 2] = ["1.2.840.113549.1.9.16.2.12", "1.2.840.113549.1.9.16.2.47"];
/// The longest answer of an authority that is read.
const LONGEST: u64 = 1 << 20;

/// Asks an authority for a token over a seal's code (SHA-256 of `seal.json`, in hexadecimal). Without a number to be
/// repeated: a token that was signed earlier says more, not less.
pub fn ask(url: &str, code: &str) -> Result<Vec<u8>, Text> {
    let failed = |why: String| text!("时间戳机构 {url} 没有给出凭证：{why}", "{url} gave no time stamp: {why}");
    let imprint = MessageImprint {
        hash_algorithm: AlgorithmIdentifier { oid: rfc5912::ID_SHA_256, parameters: Some(Any::null()) },
        hashed_message: OctetString::new(bytes_of(code)).map_err(|cause| failed(cause.to_string()))?,
    };
    let request = TimeStampReq {
        version: TspVersion::V1,
        message_imprint: imprint,
        req_policy: None,
        nonce: None,
        cert_req: true,
        extensions: None,
    };
    let request = request.to_der().map_err(|cause| failed(cause.to_string()))?;
    let answer =
        super::web::client().post(url).header("Content-Type", "application/timestamp-query").send(&request[..]);
    let mut answer = answer.map_err(|cause| failed(cause.to_string()))?;
    match answer.status().as_u16() {
        200 => {}
        status => return Err(failed(format!("HTTP {status}"))),
    }
    answer.body_mut().with_config().limit(LONGEST).read_to_vec().map_err(|cause| failed(cause.to_string()))
}

/// Looks at a token over a seal's code. `authorities` are certificates, as PEM, of whom the reader trusts; without them
/// the token is only checked against the certificate that it brings along.
pub fn check(token: &[u8], code: &str, authorities: Option<&[u8]>) -> Stamp {
    match look(token, code, authorities) {
        Ok(witness) => Stamp::Holds(witness),
        Err(why) => Stamp::Broken(why),
    }
}

fn look(token: &[u8], code: &str, authorities: Option<&[u8]>) -> Result<Witness, Text> {
    let malformed = |_| text!("不是完整的时间戳凭证", "not a whole time-stamp token");
    let signed = signed_data(token).ok_or_else(|| malformed(()))?;
    let content = signed.encap_content_info.econtent.as_ref().filter(|content| content.tag() == Tag::OctetString);
    let content = content.ok_or_else(|| malformed(()))?.value();
    let info = TstInfo::from_der(content).map_err(|_| malformed(()))?;
    let imprint = &info.message_imprint;
    if imprint.hash_algorithm.oid != rfc5912::ID_SHA_256 || imprint.hashed_message.as_bytes() != bytes_of(code) {
        return Err(text!("凭证是另一份文件的，不是这个封存码的", "the token is about something else than this code"));
    }
    let [signer] = signed.signer_infos.0.as_slice() else { return Err(malformed(())) };
    let certificates: Vec<&Certificate> =
        signed.certificates.iter().flat_map(|all| all.0.iter()).filter_map(plain).collect();
    let own = certificates.iter().find(|certificate| is_named(&signer.sid, certificate));
    let own =
        *own.ok_or_else(|| text!("凭证里没有签名者的证书", "the token does not bring its signer's certificate"))?;
    let der = own.to_der().map_err(|_| malformed(()))?;
    if !is_in_form(&signed, signer) {
        return Err(malformed(()));
    }
    is_signed(signer, &der, content)?;
    let seconds = info.gen_time.to_unix_duration();
    let others: Vec<CertificateDer<'_>> =
        certificates.iter().filter_map(|other| other.to_der().ok()).map(CertificateDer::from).collect();
    let trusted = match authorities {
        None => false,
        Some(pem) => {
            is_issued(&der, &others, pem, UnixTime::since_unix_epoch(seconds))?;
            true
        }
    };
    let at = i64::try_from(seconds.as_secs()).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    let at = at.ok_or_else(|| malformed(()))?.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)));
    let by = own.tbs_certificate.subject.to_string();
    Ok(Witness { at: at.strftime("%Y-%m-%d %H:%M:%S").to_string(), by, trusted })
}

/// What is signed in an answer of an authority, or in a token alone.
fn signed_data(bytes: &[u8]) -> Option<SignedData> {
    let token = match TimeStampResp::from_der(bytes) {
        // 0 and 1: granted, perhaps with changes (RFC 3161, 2.4.2).
        Ok(answer) => answer.time_stamp_token.filter(|_| (answer.status.status as u8) < 2)?,
        Err(_) => ContentInfo::from_der(bytes).ok()?,
    };
    if token.content_type != rfc5911::ID_SIGNED_DATA {
        return None;
    }
    let signed: SignedData = token.content.decode_as().ok()?;
    let is_token = signed.version == CmsVersion::V3 && signed.encap_content_info.econtent_type == TOKEN_CONTENT;
    is_token.then_some(signed)
}

fn plain(choice: &CertificateChoices) -> Option<&Certificate> {
    match choice {
        CertificateChoices::Certificate(certificate) => Some(certificate),
        CertificateChoices::Other(_) => None,
    }
}

fn is_named(signer: &SignerIdentifier, certificate: &Certificate) -> bool {
    let own = &certificate.tbs_certificate;
    match signer {
        SignerIdentifier::IssuerAndSerialNumber(named) => {
            named.issuer == own.issuer && named.serial_number == own.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(key) => {
            own.get::<SubjectKeyIdentifier>().is_ok_and(|own| own.is_some_and(|(_, own)| own == *key))
        }
    }
}

/// Whether what no signature covers is as it has to be (RFC 5652, 5.1 and 5.3).
fn is_in_form(signed: &SignedData, signer: &SignerInfo) -> bool {
    let is_plain = |algorithm: &AlgorithmIdentifier<Any>| {
        algorithm.parameters.as_ref().is_none_or(|parameters| *parameters == Any::null())
    };
    let version = match signer.sid {
        SignerIdentifier::IssuerAndSerialNumber(_) => CmsVersion::V1,
        SignerIdentifier::SubjectKeyIdentifier(_) => CmsVersion::V3,
    };
    let is_named =
        matches!(signed.digest_algorithms.as_slice(), [only] if only.oid == signer.digest_alg.oid && is_plain(only));
    let signature = &signer.signature_algorithm;
    let is_known = signature.oid == rfc5912::ID_RSASSA_PSS || is_plain(signature);
    signer.version == version && is_named && is_plain(&signer.digest_alg) && is_known
}

/// Whether the signer has signed this content with the key of this certificate (RFC 5652, 5.4; RFC 3161, 2.4.2).
fn is_signed(signer: &SignerInfo, certificate: &[u8], content: &[u8]) -> Result<(), Text> {
    let wrong = || text!("签名与内容不符", "the signature is not that of its content");
    let unknown = || text!("签名所用的算法无法核对", "the algorithm of the signature cannot be checked here");
    let attributes = signer.signed_attrs.as_ref().ok_or_else(wrong)?;
    let value = |oid: &ObjectIdentifier| {
        let mut of = attributes.iter().filter(|attribute| attribute.oid == *oid);
        let only = of.next().filter(|_| of.next().is_none())?;
        let [value] = only.values.as_slice() else { return None };
        Some(value.clone())
    };
    let digest = hashed(&signer.digest_alg.oid, content).ok_or_else(unknown)?;
    if value(&rfc5911::ID_MESSAGE_DIGEST).is_none_or(|value| value.value() != digest) {
        return Err(wrong());
    }
    let kind = value(&rfc5911::ID_CONTENT_TYPE).and_then(|value| value.decode_as::<ObjectIdentifier>().ok());
    if kind != Some(TOKEN_CONTENT) {
        return Err(wrong());
    }
    let named = SIGNING_CERTIFICATES.iter().find_map(|oid| value(&ObjectIdentifier::new_unwrap(oid)));
    if !named.is_some_and(|named| is_hash_of(&named, certificate)) {
        return Err(text!("签名指的是另一张证书", "the signature names another certificate"));
    }
    let message = attributes.to_der().map_err(|_| wrong())?;
    let certificate = CertificateDer::from(certificate);
    let certificate = EndEntityCert::try_from(&certificate).map_err(|_| unknown())?;
    let fitting = fitting(&signer.signature_algorithm.oid, &signer.digest_alg.oid);
    let try_one = |one| certificate.verify_signature(one, &message, signer.signature.as_bytes());
    let tried: Vec<_> = fitting.into_iter().map(try_one).collect();
    match tried.iter().any(Result::is_ok) {
        true => Ok(()),
        false if tried.contains(&Err(webpki::Error::InvalidSignatureForPublicKey)) => Err(wrong()),
        false => Err(unknown()),
    }
}

/// The hash of the first certificate in the attribute that names it (RFC 5035: ESSCertID).
fn is_hash_of(named: &Any, certificate: &[u8]) -> bool {
    let inner = |any: &Any| any.decode_as::<Vec<Any>>().ok();
    let first = |any: &Any| inner(any)?.into_iter().next();
    let parts = first(named).and_then(|all| first(&all)).and_then(|first| inner(&first)).unwrap_or_default();
    parts.iter().find(|part| part.tag() == Tag::OctetString).is_some_and(|hash| match hash.value().len() {
        20 => hash.value() == &Sha1::digest(certificate)[..],
        32 => hash.value() == &Sha256::digest(certificate)[..],
        48 => hash.value() == &Sha384::digest(certificate)[..],
        64 => hash.value() == &Sha512::digest(certificate)[..],
        _ => false,
    })
}

fn hashed(algorithm: &ObjectIdentifier, bytes: &[u8]) -> Option<Vec<u8>> {
    match *algorithm {
        rfc5912::ID_SHA_256 => Some(Sha256::digest(bytes).to_vec()),
        rfc5912::ID_SHA_384 => Some(Sha384::digest(bytes).to_vec()),
        rfc5912::ID_SHA_512 => Some(Sha512::digest(bytes).to_vec()),
        _ => None,
    }
}

/// The algorithms that a signer's words can mean. Where they name RSA or a curve's key alone, the hash is the one that
/// the signer names beside.
fn fitting(
    signature: &ObjectIdentifier,
    digest: &ObjectIdentifier,
) -> Vec<&'static dyn SignatureVerificationAlgorithm> {
    use webpki::ring::*;
    let digest = match *signature {
        rfc5912::SHA_256_WITH_RSA_ENCRYPTION | rfc5912::ECDSA_WITH_SHA_256 => rfc5912::ID_SHA_256,
        rfc5912::SHA_384_WITH_RSA_ENCRYPTION | rfc5912::ECDSA_WITH_SHA_384 => rfc5912::ID_SHA_384,
        rfc5912::SHA_512_WITH_RSA_ENCRYPTION => rfc5912::ID_SHA_512,
        rfc5912::RSA_ENCRYPTION | rfc5912::ID_EC_PUBLIC_KEY | rfc5912::ID_RSASSA_PSS => *digest,
        _ => return Vec::new(),
    };
    match (*signature == rfc5912::ID_RSASSA_PSS, digest) {
        (false, rfc5912::ID_SHA_256) => vec![RSA_PKCS1_2048_8192_SHA256, ECDSA_P256_SHA256, ECDSA_P384_SHA256],
        (false, rfc5912::ID_SHA_384) => vec![RSA_PKCS1_2048_8192_SHA384, ECDSA_P256_SHA384, ECDSA_P384_SHA384],
        (false, rfc5912::ID_SHA_512) => vec![RSA_PKCS1_2048_8192_SHA512],
        (true, rfc5912::ID_SHA_256) => vec![RSA_PSS_2048_8192_SHA256_LEGACY_KEY],
        (true, rfc5912::ID_SHA_384) => vec![RSA_PSS_2048_8192_SHA384_LEGACY_KEY],
        (true, rfc5912::ID_SHA_512) => vec![RSA_PSS_2048_8192_SHA512_LEGACY_KEY],
        _ => vec![],
    }
}

/// Whether a certificate comes from one of the trusted authorities, was good at that time, and is for time stamps.
fn is_issued(own: &[u8], others: &[CertificateDer<'_>], pem: &[u8], time: UnixTime) -> Result<(), Text> {
    let trusted: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(pem).filter_map(Result::ok).collect();
    let anchors: Vec<_> = trusted.iter().filter_map(|one| anchor_from_trusted_cert(one).ok()).collect();
    if anchors.is_empty() {
        return Err(text!(
            "所给的机构证书文件里没有证书（PEM）",
            "the file of trusted authorities holds no certificate (PEM)"
        ));
    }
    let own = CertificateDer::from(own);
    let issued = EndEntityCert::try_from(&own).and_then(|own| {
        let usage = KeyUsage::required(TIME_STAMPING);
        own.verify_for_usage(ALL_VERIFICATION_ALGS, &anchors, others, time, usage, None, None).map(drop)
    });
    issued.map_err(|why| {
        text!(
            "签名者的证书不是所给机构签发的，或当时无效（{why}）",
            "the signer's certificate does not come from the authorities given, or was not valid then ({why})"
        )
    })
}

fn bytes_of(code: &str) -> Vec<u8> {
    let digits = code.as_bytes().chunks(2).map(|two| std::str::from_utf8(two).ok());
    digits.filter_map(|two| u8::from_str_radix(two?, 16).ok()).collect()
}
