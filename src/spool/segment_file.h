// A SegmentFile is a segment on the disk, prepared for appending: allocated for real, its header and settle lines
// written, mapped and populated where pages are guaranteed. Everything that may wait for the disk happens here, never
// in append().
//
// Thread-safety: none; made and destroyed by the thread that maintains the spool.
#ifndef LOGS_SDK_SPOOL_SEGMENT_FILE_H_
#define LOGS_SDK_SPOOL_SEGMENT_FILE_H_

#include <cstdint>
#include <utility>

#include "src/base/file_system.h"
#include "src/base/mapped_file.h"
#include "src/spool/segment_format.h"

namespace logs_sdk::inline v1 {

class SegmentFile {
 public:
  // A new file named after header.number; `map`: whether its pages may be mapped. What fails leaves no file behind.
  static Result<SegmentFile> create(int directory, const SegmentHeader& header, bool map);
  // Gives the file of segment `old_number` the new header and name. Only after its totals are in the ledger: a crash
  // within leaves either the old name, which the ledger knows as counted, or the new one with nothing in it.
  // `mapping`: of that file, if it still has one.
  static Result<SegmentFile> recycle(int directory, std::uint64_t old_number, const SegmentHeader& header, bool map,
                                     MappedFile mapping);

  SegmentFile() = default;

  int fd() const noexcept { return file_.get(); }
  std::byte* data() const noexcept { return mapping_.data(); }  // null: not mapped, append with pwrite
  const SegmentHeader& header() const noexcept { return header_; }
  // The descriptor is closed; the pages stay where they are.
  MappedFile take_mapping() && noexcept {
    file_.close();
    return std::move(mapping_);
  }
  void populate(std::size_t offset, std::size_t bytes) noexcept {
    if (mapping_.data() != nullptr) mapping_.populate(offset, bytes);
  }
  // In a forked child: closes the descriptor; the mapping was not inherited.
  void abandon() noexcept {
    mapping_.forget();
    file_.close();
  }

 private:
  static Result<SegmentFile> prepare(FileDescriptor file, const SegmentHeader& header, bool map, MappedFile mapping);

  FileDescriptor file_;
  MappedFile mapping_;
  SegmentHeader header_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_SEGMENT_FILE_H_
