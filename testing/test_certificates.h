// Certificates for tests of TLS, made when the test runs: a TestAuthority of the test's own and what it signs.
//
// Nothing here outlives the test or stands in the tree: no key, and no certificate that expires one day.
#ifndef LOGS_SDK_TESTING_TEST_CERTIFICATES_H_
#define LOGS_SDK_TESTING_TEST_CERTIFICATES_H_

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "testing/temporary_folder.h"

using EVP_PKEY = struct evp_pkey_st;
using X509 = struct x509_st;

namespace logs_sdk::inline v1 {

struct CertificateOptions {
  std::vector<std::string> hosts = {"127.0.0.1", "localhost"};  // addresses and names it is valid for
  // From now, either way: {-2 h, -1 h} has expired, {1 h, 2 h} is not valid yet.
  std::chrono::seconds begins = std::chrono::hours(-1);
  std::chrono::seconds ends = std::chrono::hours(1);
};

struct TestCertificate {
  std::string certificate;  // PEM
  std::string key;          // PEM
};

// An authority that signs. A client that trusts certificate() takes what issue() gives, and nothing of another one's.
class TestAuthority {
 public:
  explicit TestAuthority(const std::string& name = "Authority of a test");
  ~TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  std::string certificate() const;  // PEM
  TestCertificate issue(const CertificateOptions& options = {}) const;

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const noexcept;
    void operator()(X509* certificate) const noexcept;
  };
  const std::unique_ptr<EVP_PKEY, Free> key_;
  const std::unique_ptr<X509, Free> certificate_;
};

// Signed by its own key, as a service makes it for itself.
TestCertificate self_signed(const CertificateOptions& options = {});

// Files in a test's folder, for whoever takes paths.
struct CertificateFiles {
  std::string certificate;
  std::string key;
};
CertificateFiles write_files(const TestCertificate& certificate, const TemporaryFolder& folder,
                             const std::string& name = "server");

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_TEST_CERTIFICATES_H_
