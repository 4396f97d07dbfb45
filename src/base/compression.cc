#include "src/base/compression.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

namespace logs_sdk::inline v1 {
namespace {

constexpr int kLevel = 1;              // of both: the client's processor time is what counts, not the last per cent
constexpr int kGzipWindowBits = 31;    // 15 for the window, +16 for the gzip wrapper
constexpr int kZstdWindowLogMax = 23;  // 8 MiB, the most that RFC 9659 lets a content encoding ask of a reader
constexpr std::size_t kPieceBytes = 32 * 1024;

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
      break;
  }
  out.assign(input);
  return {};
}

// One stream is one or more frames (zstd) or members (gzip) end to end; both formats allow that.
struct Decompressor::Impl {
  // Constant after construction.
  Encoding encoding;
  std::size_t max_bytes;
  // State.
  std::size_t made_bytes = 0;
  bool at_end = false;  // the last frame is complete and nothing follows it
  bool over_limit = false;
  bool failed = false;
  ZSTD_DCtx* zstd = nullptr;
  z_stream gzip{};
  bool gzip_ready = false;
  std::vector<char> piece;

  Impl(Encoding encoding_in, std::size_t max_bytes_in) : encoding(encoding_in), max_bytes(max_bytes_in) {
    if (encoding == Encoding::kZstd) {
      zstd = ZSTD_createDCtx();
      failed =
          zstd == nullptr || ZSTD_isError(ZSTD_DCtx_setParameter(zstd, ZSTD_d_windowLogMax, kZstdWindowLogMax)) != 0;
    } else if (encoding == Encoding::kGzip) {
      gzip_ready = inflateInit2(&gzip, kGzipWindowBits) == Z_OK;
      failed = !gzip_ready;
    }
    if (encoding != Encoding::kIdentity) piece.resize(kPieceBytes);
  }

  ~Impl() {
    ZSTD_freeDCtx(zstd);
    if (gzip_ready) inflateEnd(&gzip);
  }

  Status fail(std::string message) {
    failed = true;
    return Status(Code::kInput, std::string(encoding_name(encoding)) + ": " + std::move(message));
  }

  // Takes what came out; the limit is looked at before a byte is kept.
  Status take(std::string_view made, std::string& out) {
    const std::size_t room = max_bytes - made_bytes;
    out.append(made.substr(0, room));
    made_bytes += std::min(made.size(), room);
    if (made.size() <= room) return {};
    over_limit = true;
    return fail("more than " + std::to_string(max_bytes) + " bytes");
  }

  Status write_zstd(std::string_view input, std::string& out) {
    ZSTD_inBuffer in{input.data(), input.size(), 0};
    // A full piece may leave more behind even when the input is used up.
    for (bool more = false; more || in.pos < in.size;) {
      ZSTD_outBuffer made{piece.data(), piece.size(), 0};
      const std::size_t hint = ZSTD_decompressStream(zstd, &made, &in);
      if (ZSTD_isError(hint) != 0) return fail(ZSTD_getErrorName(hint));
      at_end = hint == 0;
      if (Status status = take({piece.data(), made.pos}, out); !status.ok()) return status;
      more = made.pos == made.size && hint != 0;
    }
    return {};
  }

  Status write_gzip(std::string_view input, std::string& out) {
    constexpr std::size_t kMost = std::numeric_limits<uInt>::max() / 2;
    for (; input.size() > kMost; input.remove_prefix(kMost)) {
      if (Status status = write_gzip(input.substr(0, kMost), out); !status.ok()) return status;
    }
    gzip.next_in = zlib_input(input);
    gzip.avail_in = static_cast<uInt>(input.size());
    for (bool more = false; more || gzip.avail_in > 0;) {
      if (at_end && inflateReset(&gzip) != Z_OK) return fail("cannot go on with the next member");
      at_end = false;
      gzip.next_out = reinterpret_cast<Bytef*>(piece.data());
      gzip.avail_out = static_cast<uInt>(piece.size());
      const int code = inflate(&gzip, Z_NO_FLUSH);
      // Z_BUF_ERROR: nothing was left to give after the last full piece.
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
        return fail(gzip.msg != nullptr ? gzip.msg : "damaged");
      at_end = code == Z_STREAM_END;
      if (Status status = take({piece.data(), piece.size() - gzip.avail_out}, out); !status.ok()) return status;
      more = gzip.avail_out == 0 && !at_end;
    }
    return {};
  }
};

Decompressor::Decompressor(Encoding encoding, std::size_t max_bytes)
    : impl_(std::make_unique<Impl>(encoding, max_bytes)) {}
Decompressor::~Decompressor() = default;

Status Decompressor::write(std::string_view input, std::string& out) {
  if (impl_->failed) return impl_->fail("the stream has failed already");
  switch (impl_->encoding) {
    case Encoding::kZstd:
      return impl_->write_zstd(input, out);
    case Encoding::kGzip:
      return impl_->write_gzip(input, out);
    case Encoding::kIdentity:
      break;
  }
  return impl_->take(input, out);
}

Status Decompressor::finish() {
  if (impl_->failed) return impl_->fail("the stream has failed already");
  if (impl_->encoding != Encoding::kIdentity && !impl_->at_end) return impl_->fail("the stream is not complete");
  return {};
}

bool Decompressor::over_limit() const noexcept { return impl_->over_limit; }

}  // namespace logs_sdk::inline v1
