// system_ca_file: where this machine keeps the certificate authorities it trusts.
//
// libcurl knows only the place of the distribution on which it was built; a program that carries its own libcurl may
// run on another one.
#ifndef LOGS_SDK_SHIPPER_SYSTEM_CA_FILE_H_
#define LOGS_SDK_SHIPPER_SYSTEM_CA_FILE_H_

#include <array>
#include <span>
#include <string>

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

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_SYSTEM_CA_FILE_H_
