#include "server/enrich/geo_database.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <vector>

#include "server/enrich/geo_check.h"
#include "src/json/utf8.h"

namespace logs_server {
namespace {

using logs_sdk::Code;
using logs_sdk::errno_status;
using logs_sdk::Result;
using logs_sdk::Status;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

bool same_file(const struct stat& a, const struct stat& b) {
  return a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

Status copy_bytes(int from, int to) {
  std::vector<char> buffer(std::size_t{64} << 10);
  for (std::size_t total = 0;;) {
    const ssize_t got = ::read(from, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno_status(Code::kConfiguration, "cannot be read", errno);
    if (got == 0) return {};
    total += static_cast<std::size_t>(got);
    if (total > kMaxGeoFileBytes) {
      return {Code::kConfiguration, "is larger than " + std::to_string(kMaxGeoFileBytes) + " bytes"};
    }
    if (::write(to, buffer.data(), static_cast<std::size_t>(got)) != got) {
      return errno_status(Code::kRetry, "cannot be copied into memory", errno);
    }
  }
}

// The file's bytes in memory of our own.
Result<Descriptor> copy_of(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.number() < 0) return errno_status(Code::kConfiguration, "cannot be opened", errno);
  struct stat before {};
  struct stat after {};
  if (::fstat(file.number(), &before) != 0 || !S_ISREG(before.st_mode)) {
    return Status(Code::kConfiguration, "is not a regular file");
  }
  Descriptor copy(::memfd_create("geo", MFD_CLOEXEC));
  if (copy.number() < 0) return errno_status(Code::kRetry, "no memory for a copy", errno);
  if (Status copied = copy_bytes(file.number(), copy.number()); !copied.ok()) return copied;
  if (::fstat(file.number(), &after) != 0 || !same_file(before, after)) {
    return Status(Code::kRetry, "is being written");
  }
  return copy;
}

// What is wrong with the metadata of the copy, or nothing.
std::string metadata_problem(const Descriptor& copy) {
  struct stat info {};
  if (::fstat(copy.number(), &info) != 0 || info.st_size == 0) return "is empty";
  const auto size = static_cast<std::size_t>(info.st_size);
  void* const bytes = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, copy.number(), 0);
  if (bytes == MAP_FAILED) return "cannot be mapped";
  std::string problem = check_geo_metadata({static_cast<const char*>(bytes), size});
  ::munmap(bytes, size);
  return problem;
}

}  // namespace

Result<std::shared_ptr<const GeoDatabase>> GeoDatabase::open(const std::string& path) {
  const auto copy = copy_of(path);
  if (!copy.ok()) return copy.status();
  if (std::string problem = metadata_problem(copy.value()); !problem.empty()) return Status(Code::kInput, problem);
  MMDB_s opened{};
  const std::string name = "/proc/self/fd/" + std::to_string(copy.value().number());
  const int result = ::MMDB_open(name.c_str(), MMDB_MODE_MMAP, &opened);
  if (result != MMDB_SUCCESS) return Status(Code::kInput, std::string("is damaged: ") + ::MMDB_strerror(result));
  const std::shared_ptr<const GeoDatabase> database(new GeoDatabase(opened));
  if (std::string problem = check_geo_records(opened); !problem.empty()) return Status(Code::kInput, problem);
  return database;
}

GeoDatabase::~GeoDatabase() { ::MMDB_close(&database_); }

std::optional<GeoRecord> GeoDatabase::find(const sockaddr& address) const {
  int error = MMDB_SUCCESS;
  const MMDB_lookup_result_s result = ::MMDB_lookup_sockaddr(&database_, &address, &error);
  if (error != MMDB_SUCCESS || !result.found_entry) return std::nullopt;
  return GeoRecord(result.entry);
}

std::string GeoRecord::text(std::initializer_list<const char*> path) const {
  std::array<const char*, 8> names{};
  std::copy(path.begin(), path.end(), names.begin());  // shorter by one at least: a null ends it
  MMDB_entry_s entry = entry_;
  MMDB_entry_data_s data{};
  const int result = ::MMDB_aget_value(&entry, &data, names.data());
  if (result != MMDB_SUCCESS || !data.has_data || data.type != MMDB_DATA_TYPE_UTF8_STRING) return {};
  std::string text;
  logs_sdk::append_repaired({data.utf8_string, data.data_size}, text);
  return text;
}

}  // namespace logs_server
