#include "server/enrich/geo_file.h"

#include <sys/stat.h>

#include <utility>

namespace logs_server {

using logs_sdk::Code;
using logs_sdk::Status;

GeoFile::GeoFile(std::string path, OnVersion on_version) : path_(std::move(path)), on_version_(std::move(on_version)) {
  state_.named = !path_.empty();
  if (path_.empty()) return;
  seen_ = version_of(path_);
  load(seen_);
}

GeoFile::Version GeoFile::version_of(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return {};
  return {info.st_dev, info.st_ino, info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec};
}

void GeoFile::refresh() {
  if (path_.empty()) return;
  const Version version = version_of(path_);
  const bool settled = std::exchange(seen_, version) == version;
  if (settled && version != judged_) load(version);
}

void GeoFile::load(const Version& version) {
  auto opened = GeoDatabase::open(path_);
  const Status status = opened.status();
  if (status.code() == Code::kRetry) return;  // the next look comes
  judged_ = version;
  {
    const std::lock_guard lock(mutex_);
    state_.problem = status.message();
    ++(status.ok() ? state_.loads : state_.failures);
    if (status.ok()) {
      current_ = std::move(opened).value();
      state_.in_use = true;
      state_.type = current_->type();
      state_.built_at_s = current_->built_at_s();
    }
  }
  on_version_(status);
}

std::shared_ptr<const GeoDatabase> GeoFile::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

GeoFile::State GeoFile::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

}  // namespace logs_server
