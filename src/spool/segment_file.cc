#include "src/spool/segment_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

namespace logs_sdk::inline v1 {
namespace {

// All that stands before the records, but the header itself: a committed count of zero and empty settle lines.
std::vector<std::byte> empty_front(const SegmentHeader& header) {
  std::vector<std::byte> front(header.records_begin);
  const std::uint32_t seed = segment_seed(header.instance, header.number);
  for (std::uint32_t index = 0; index < settle_lines(header.segment_bytes); ++index) {
    const std::uint64_t tag = settle_tag(seed, index);
    std::memcpy(front.data() + kSettleOffset + index * kSlotBytes, &tag, sizeof tag);
  }
  return front;
}

// The header comes last: until it stands there the file is no segment, or still its former self with nothing committed.
Status write_front(int fd, const SegmentHeader& header) {
  const std::vector<std::byte> front = empty_front(header);
  const Status status = write_at(fd, front.data() + sizeof header, front.size() - sizeof header, sizeof header);
  return status.ok() ? write_at(fd, &header, sizeof header, 0) : status;
}

}  // namespace

Result<SegmentFile> SegmentFile::create(int directory, const SegmentHeader& header, bool map) {
  const std::string name = segment_name(header.number);
  auto file = open_file(directory, name, O_RDWR | O_CREAT | O_EXCL);
  if (!file.ok()) return file.status();
  Status status = allocate_zeros(file.value().get(), header.segment_bytes);
  if (status.ok()) {
    auto prepared = prepare(std::move(file).value(), header, map, {});
    if (prepared.ok()) return prepared;
    status = prepared.status();
  }
  unlinkat(directory, name.c_str(), 0);
  return status;
}

Result<SegmentFile> SegmentFile::recycle(int directory, std::uint64_t old_number, const SegmentHeader& header, bool map,
                                         MappedFile mapping) {
  const std::string from = segment_name(old_number), to = segment_name(header.number);
  auto file = open_file(directory, from, O_RDWR);
  if (!file.ok()) return file.status();
  auto size = file_size(file.value().get());
  if (!size.ok()) return size.status();
  if (size.value() != header.segment_bytes) {
    return Status(Code::kGiveUp,
                  from + " is " + std::to_string(size.value()) + " bytes, not " + std::to_string(header.segment_bytes));
  }
  auto prepared = prepare(std::move(file).value(), header, map, std::move(mapping));
  if (prepared.ok() && renameat(directory, from.c_str(), directory, to.c_str()) != 0) {
    return errno_status(Code::kConfiguration, "cannot rename " + from + " to " + to, errno);
  }
  return prepared;
}

Result<SegmentFile> SegmentFile::prepare(FileDescriptor file, const SegmentHeader& header, bool map,
                                         MappedFile mapping) {
  SegmentFile segment;
  segment.file_ = std::move(file);
  segment.header_ = header;
  segment.header_.crc = header_crc(segment.header_);
  if (Status status = write_front(segment.fd(), segment.header_); !status.ok()) return status;
  if (map && mapping.size() == header.segment_bytes) {
    segment.mapping_ = std::move(mapping);
    segment.mapping_.populate(0, header.segment_bytes);
  } else if (map) {
    auto mapped = MappedFile::map(segment.fd(), header.segment_bytes);
    if (!mapped.ok()) return mapped.status();
    segment.mapping_ = std::move(mapped).value();
  }
  return segment;
}

}  // namespace logs_sdk::inline v1
