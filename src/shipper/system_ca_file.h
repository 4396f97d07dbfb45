// The certificate authorities that are trusted: where this machine keeps them, and the bytes of such a file.
//
// libcurl knows only the place of the distribution on which it was built; a program that carries its own libcurl may
// run on another one. And it reads the file with the descriptor open to every program that is started meanwhile, some
// milliseconds for each new connection; so we read it, closed on exec.
#ifndef LOGS_SDK_SHIPPER_SYSTEM_CA_FILE_H_
#define LOGS_SDK_SHIPPER_SYSTEM_CA_FILE_H_

#include <array>
#include <cstddef>
#include <span>
#include <string>

#include "src/base/status.h"

namespace logs_sdk::inline v1 {

inline constexpr std::array kKnownCaFiles = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Alpine, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora, RHEL and its relatives
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // the same, newer
    "/etc/ssl/ca-bundle.pem",                             // SUSE
    "/etc/ssl/cert.pem",                                  // Alpine without ca-certificates, BSD
};

// `built_in` if it can be read, else the first of `known` that can; empty when there is none.
std::string system_ca_file(const std::string& built_in, std::span<const char* const> known = kKnownCaFiles);

// Far above any bundle (that of Debian has 220 KB); what is larger is no list of authorities.
inline constexpr std::size_t kMaxCaFileBytes = 16u << 20;

// The bytes of a PEM file with at least one certificate. kConfiguration, in words that follow the name of the file: it
// cannot be read, is not a regular file, or holds no certificate.
Result<std::string> read_ca_file(const std::string& path);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_SYSTEM_CA_FILE_H_
