// Compression of what travels: zstd and gzip, both ways, always bounded.
#ifndef LOGS_SDK_BASE_COMPRESSION_H_
#define LOGS_SDK_BASE_COMPRESSION_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "src/base/status.h"

namespace logs_sdk::inline v1 {

enum class Encoding { kIdentity, kGzip, kZstd };

// The token of Content-Encoding and Accept-Encoding: "identity", "gzip", "zstd".
std::string_view encoding_name(Encoding encoding) noexcept;

// A compressor keeps its working memory between calls (zstd level 1, gzip level 1). One thread at a time.
class Compressor {
 public:
  Compressor();
  ~Compressor();
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;
  // Replaces `out` by the compressed `input`. Fails (kGiveUp) only when the library does, `out` is then unspecified.
  Status compress(Encoding encoding, std::string_view input, std::string& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A decompressor takes a stream in pieces and never makes more than its limits allow. One thread at a time.
class Decompressor {
 public:
  // Fails with kInput once more than `max_bytes` would come out.
  Decompressor(Encoding encoding, std::size_t max_bytes);
  ~Decompressor();
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;
  // Appends to `out` what `input` yields. kInput: damaged, or over the limit (over_limit() tells which).
  Status write(std::string_view input, std::string& out);
  // kInput when the stream is not complete.
  Status finish();
  bool over_limit() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_BASE_COMPRESSION_H_
