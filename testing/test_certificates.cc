#include "testing/test_certificates.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <stdexcept>

#include "testing/file_bytes.h"

namespace logs_sdk::inline v1 {
namespace {

// What each function of OpenSSL returns: 1, or more, for success.
void require(long result, const char* what) {
  if (result > 0) return;
  char reason[256] = {};
  ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
  throw std::runtime_error(std::string("test certificate: ") + what + ": " + reason);
}

template <typename Object>
Object* require_made(Object* object, const char* what) {
  require(object != nullptr, what);
  return object;
}

EVP_PKEY* make_key() { return require_made(EVP_EC_gen("P-256"), "key"); }

template <typename Write>
std::string to_pem(const Write& write) {
  const std::unique_ptr<BIO, int (*)(BIO*)> bio(require_made(BIO_new(BIO_s_mem()), "buffer"), BIO_free);
  require(write(bio.get()), "PEM");
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &bytes);
  return std::string(bytes, static_cast<std::size_t>(size));
}

std::string pem_of(X509* certificate) {
  return to_pem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

std::string pem_of(EVP_PKEY* key) {
  return to_pem([&](BIO* bio) { return PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

// `issuer` is the certificate itself where nobody else signs it.
void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = require_made(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()), value.c_str());
  const int added = X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  require(added, value.c_str());
}

// The two identifiers by which strict clients find the issuer.
void add_key_identifiers(X509* certificate, X509* issuer) {
  add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
  add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always");
}

void set_name(X509* certificate, const std::string& name) {
  require(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                     reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0),
          "name");
}

// A certificate with everything but issuer, extensions and signature.
X509* draft(const std::string& name, EVP_PKEY* key, const CertificateOptions& options) {
  static std::atomic<long> serial{1};  // one authority must not use a number twice
  X509* certificate = require_made(X509_new(), "certificate");
  require(X509_set_version(certificate, X509_VERSION_3), "version");
  require(ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial.fetch_add(1)), "serial number");
  require_made(X509_gmtime_adj(X509_getm_notBefore(certificate), options.begins.count()), "begin");
  require_made(X509_gmtime_adj(X509_getm_notAfter(certificate), options.ends.count()), "end");
  require(X509_set_pubkey(certificate, key), "key");
  set_name(certificate, name);
  return certificate;
}

bool is_address(const std::string& host) {
  unsigned char address[sizeof(in6_addr)];
  return inet_pton(AF_INET, host.c_str(), address) == 1 || inet_pton(AF_INET6, host.c_str(), address) == 1;
}

void sign(X509* certificate, X509* issuer, EVP_PKEY* key) {
  require(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)), "issuer");
  add_key_identifiers(certificate, issuer);
  require(X509_sign(certificate, key, EVP_sha256()), "signature");
}

X509* draft_for_server(EVP_PKEY* key, const CertificateOptions& options) {
  X509* certificate = draft("Server of a test", key, options);
  std::string names;
  for (const std::string& host : options.hosts) {
    names += (names.empty() ? "" : ",") + std::string(is_address(host) ? "IP:" : "DNS:") + host;
  }
  add_extension(certificate, certificate, NID_subject_alt_name, names);
  add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:FALSE");
  return certificate;
}

X509* make_authority(const std::string& name, EVP_PKEY* key) {
  X509* certificate = draft(name, key, {.begins = std::chrono::hours(-24), .ends = std::chrono::hours(24)});
  add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign");
  sign(certificate, certificate, key);
  return certificate;
}

}  // namespace

void TestAuthority::Free::operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
void TestAuthority::Free::operator()(X509* certificate) const noexcept { X509_free(certificate); }

TestAuthority::TestAuthority(const std::string& name)
    : key_(make_key()), certificate_(make_authority(name, key_.get())) {}

TestAuthority::~TestAuthority() = default;

std::string TestAuthority::certificate() const { return pem_of(certificate_.get()); }

TestCertificate TestAuthority::issue(const CertificateOptions& options) const {
  const std::unique_ptr<EVP_PKEY, Free> key(make_key());
  const std::unique_ptr<X509, Free> certificate(draft_for_server(key.get(), options));
  sign(certificate.get(), certificate_.get(), key_.get());
  return {pem_of(certificate.get()), pem_of(key.get())};
}

TestCertificate self_signed(const CertificateOptions& options) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(make_key(), EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(draft_for_server(key.get(), options), X509_free);
  sign(certificate.get(), certificate.get(), key.get());
  return {pem_of(certificate.get()), pem_of(key.get())};
}

CertificateFiles write_files(const TestCertificate& certificate, const TemporaryFolder& folder,
                             const std::string& name) {
  const CertificateFiles files{folder.file(name + ".pem"), folder.file(name + ".key.pem")};
  replace_file(files.certificate, certificate.certificate);
  replace_file(files.key, certificate.key);
  return files;
}

}  // namespace logs_sdk::inline v1
