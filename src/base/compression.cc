#include "src/base/compression.h"

#include <zlib.h>
#include <zstd.h>

#include <limits>

namespace logs_sdk::inline v1 {
namespace {

constexpr int kLevel = 1;            // of both: the client's processor time is what counts, not the last per cent
constexpr int kGzipWindowBits = 31;  // 15 for the window, +16 for the gzip wrapper

Status zstd_status(std::size_t code) { return Status(Code::kGiveUp, std::string("zstd: ") + ZSTD_getErrorName(code)); }

Bytef* zlib_input(std::string_view input) {
  // zlib reads through this pointer only; its interface predates const.
  return reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
}

}  // namespace

std::string_view encoding_name(Encoding encoding) noexcept {
  switch (encoding) {
    case Encoding::kGzip:
      return "gzip";
    case Encoding::kZstd:
      return "zstd";
    case Encoding::kDeflate:
      return "deflate";
    case Encoding::kBrotli:
      return "br";
    case Encoding::kIdentity:
      break;
  }
  return "identity";
}

struct Compressor::Impl {
  ZSTD_CCtx* zstd = nullptr;
  z_stream gzip{};
  bool gzip_ready = false;
  // What zstd writes to. Of a megabyte it fills a tenth, and a string would be filled with zeros first: 0.1 us an
  // entry.
  std::unique_ptr<char[]> zstd_out;
  std::size_t zstd_out_bytes = 0;

  ~Impl() {
    ZSTD_freeCCtx(zstd);
    if (gzip_ready) deflateEnd(&gzip);
  }
};

namespace {

template <typename Impl>
Status compress_zstd(Impl& impl, std::string_view input, std::string& out) {
  if (impl.zstd == nullptr) impl.zstd = ZSTD_createCCtx();
  if (impl.zstd == nullptr) return Status(Code::kGiveUp, "zstd: out of memory");
  if (const std::size_t bound = ZSTD_compressBound(input.size()); bound > impl.zstd_out_bytes) {
    impl.zstd_out = std::make_unique_for_overwrite<char[]>(bound);
    impl.zstd_out_bytes = bound;
  }
  const std::size_t size =
      ZSTD_compressCCtx(impl.zstd, impl.zstd_out.get(), impl.zstd_out_bytes, input.data(), input.size(), kLevel);
  if (ZSTD_isError(size) != 0) return zstd_status(size);
  out.assign(impl.zstd_out.get(), size);
  return {};
}

template <typename Impl>
Status compress_gzip(Impl& impl, std::string_view input, std::string& out) {
  if (input.size() > std::numeric_limits<uInt>::max() / 2) {
    return Status(Code::kGiveUp, "gzip: input of " + std::to_string(input.size()) + " bytes is over 2 GiB");
  }
  const int ready = impl.gzip_ready
                        ? deflateReset(&impl.gzip)
                        : deflateInit2(&impl.gzip, kLevel, Z_DEFLATED, kGzipWindowBits, 8, Z_DEFAULT_STRATEGY);
  if (ready != Z_OK) return Status(Code::kGiveUp, "gzip: zlib error " + std::to_string(ready));
  impl.gzip_ready = true;
  out.resize(deflateBound(&impl.gzip, static_cast<uLong>(input.size())));
  impl.gzip.next_in = zlib_input(input);
  impl.gzip.avail_in = static_cast<uInt>(input.size());
  impl.gzip.next_out = reinterpret_cast<Bytef*>(out.data());
  impl.gzip.avail_out = static_cast<uInt>(out.size());
  const int end = deflate(&impl.gzip, Z_FINISH);
  if (end != Z_STREAM_END) return Status(Code::kGiveUp, "gzip: zlib error " + std::to_string(end));
  out.resize(out.size() - impl.gzip.avail_out);
  return {};
}

}  // namespace

Compressor::Compressor() : impl_(std::make_unique<Impl>()) {}
Compressor::~Compressor() = default;

Status Compressor::compress(Encoding encoding, std::string_view input, std::string& out) {
  switch (encoding) {
    case Encoding::kZstd:
      return compress_zstd(*impl_, input, out);
    case Encoding::kGzip:
      return compress_gzip(*impl_, input, out);
    case Encoding::kIdentity:
      out.assign(input);
      return {};
    case Encoding::kDeflate:
    case Encoding::kBrotli:
      break;
  }
  return Status(Code::kGiveUp, std::string(encoding_name(encoding)) + " is read only");
}

}  // namespace logs_sdk::inline v1
