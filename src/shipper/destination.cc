#include "src/shipper/destination.h"

#include <algorithm>
#include <cstddef>

namespace logs_sdk::inline v1 {
namespace {

// Where the authority begins: behind "//".
std::size_t authority_begin(std::string_view url) noexcept {
  const std::size_t scheme_end = url.find("://");
  return scheme_end == std::string_view::npos ? 0 : scheme_end + 3;
}

}  // namespace

void Destination::offers(Encoding encoding) noexcept {
  if (!plain_only_) encoding_ = encoding;
}

void Destination::refuses_encoding() noexcept {
  plain_only_ = true;
  encoding_ = Encoding::kIdentity;
}

void Destination::takes_body() noexcept {
  if (max_body_bytes_ == kUnlimited) return;
  max_body_bytes_ += kGrowthBytes;
  if (max_body_bytes_ >= kEnoughBytes) max_body_bytes_ = kUnlimited;
}

bool Destination::first_since_up(Backoff::State state) noexcept {
  const unsigned bit = 1U << static_cast<unsigned>(state);
  return (std::exchange(said_, said_ | bit) & bit) == 0;
}

Destinations::Destinations(const std::string& endpoint, int max_retries, Random& random)
    : logs_(endpoint, StreamSet().set().reset(kInfraStream), max_retries, random),
      infra_(with_last_segment(endpoint, "infra-logs"), StreamSet().set(kInfraStream), max_retries, random) {}

void Destinations::make_ready() noexcept {
  logs_.backoff.make_ready();
  infra_.backoff.make_ready();
}

bool Destinations::any(Backoff::State state) const noexcept {
  return logs_.backoff.state() == state || infra_.backoff.state() == state;
}

std::string with_last_segment(std::string_view url, std::string_view segment) {
  const std::size_t path_end = std::min(url.find_first_of("?#"), url.size());
  const std::string_view rest = url.substr(path_end);
  std::string_view path = url.substr(0, path_end);
  while (path.size() > authority_begin(path) && path.back() == '/') path.remove_suffix(1);
  const std::size_t slash = path.rfind('/');
  if (slash != std::string_view::npos && slash >= authority_begin(path)) path = path.substr(0, slash);
  return std::string(path) + "/" + std::string(segment) + std::string(rest);
}

std::string display_url(std::string_view url) {
  const std::size_t begin = authority_begin(url);
  const std::string_view scheme = url.substr(0, begin);
  std::string_view rest = url.substr(begin, std::min(url.find_first_of("?#"), url.size()) - begin);
  const std::size_t at = rest.substr(0, rest.find('/')).rfind('@');
  if (at != std::string_view::npos) rest.remove_prefix(at + 1);
  return std::string(scheme) + std::string(rest);
}

}  // namespace logs_sdk::inline v1
