// Compression of what travels: zstd and gzip, both ways; what an application's clients and servers use besides
// (deflate, br) to be read only. Always bounded.
#ifndef LOGS_SDK_BASE_COMPRESSION_H_
#define LOGS_SDK_BASE_COMPRESSION_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "src/base/status.h"

namespace logs_sdk::inline v1 {

enum class Encoding { kIdentity, kGzip, kZstd, kDeflate, kBrotli };

// The token of Content-Encoding and Accept-Encoding: "identity", "gzip", "zstd", "deflate", "br".
std::string_view encoding_name(Encoding encoding) noexcept;

// A compressor keeps its working memory between calls (zstd level 1, gzip level 1). One thread at a time.
class Compressor {
 public:
  Compressor();
  ~Compressor();
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;
  // Replaces `out` by the compressed `input`. Fails (kGiveUp) when the library does, and for an encoding that is read
  // only; `out` is then unspecified.
  Status compress(Encoding encoding, std::string_view input, std::string& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A decompressor takes a stream in pieces and never makes more than its limits allow. One thread at a time.
//
// deflate is the zlib format, as RFC 9110 (8.4.1.2) has it, or the bare stream, which some send in its place. Memory: a
// frame of zstd may ask for a window of 8 MiB, one of brotli for 16 MiB, of which only what is made is ever touched.
class Decompressor {
 public:
  // Fails with kInput once more than `max_bytes` would come out.
  Decompressor(Encoding encoding, std::size_t max_bytes);
  ~Decompressor();
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;
  // Begins another stream, of any encoding; what memory it can use again stays.
  void reset(Encoding encoding, std::size_t max_bytes);
  // Appends to `out` what `input` yields. kInput: damaged, or over the limit (over_limit() tells which); what was made
  // before the damage has been appended.
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
