#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "src/base/compression.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr int kRawWindowBits = -15;    // 15 for the window; negative: no wrapper around it
constexpr int kZlibWindowBits = 15;    // the wrapper of zlib
constexpr int kGzipWindowBits = 31;    // +16: that of gzip
constexpr int kZstdWindowLogMax = 23;  // 8 MiB, the most that RFC 9659 lets a content encoding ask of a reader
constexpr std::size_t kPieceBytes = 32 * 1024;
// What zstd may keep between two streams; a frame with a large window makes it take more.
constexpr std::size_t kKeptZstdBytes = 1 << 20;

Bytef* zlib_input(std::string_view input) {
  // zlib reads through this pointer only; its interface predates const.
  return reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
}

// RFC 1950, 2.2. A bare stream cannot begin so: a stored block that is not the last, with a bit of its padding set.
bool is_zlib_header(std::string_view head) {
  const unsigned method = static_cast<std::uint8_t>(head[0]), flags = static_cast<std::uint8_t>(head[1]);
  return (method & 0x0F) == Z_DEFLATED && method >> 4 <= 7 && (method << 8 | flags) % 31 == 0;
}

}  // namespace

// One stream is one or more frames (zstd) or members (gzip) end to end; both formats allow that.
struct Decompressor::Impl {
  Encoding encoding = Encoding::kIdentity;
  std::size_t max_bytes = 0;
  std::size_t made_bytes = 0;
  bool at_end = false;  // the last frame is complete and nothing follows it
  bool over_limit = false;
  bool failed = false;
  std::string head;  // of kDeflate, until it tells which of its two formats it is

  // Kept between streams.
  ZSTD_DCtx* zstd = nullptr;
  z_stream inflater{};
  bool inflater_ready = false;
  BrotliDecoderState* brotli = nullptr;
  std::unique_ptr<char[]> piece;

  ~Impl() {
    ZSTD_freeDCtx(zstd);
    if (inflater_ready) inflateEnd(&inflater);
    if (brotli != nullptr) BrotliDecoderDestroyInstance(brotli);
  }

  void begin(Encoding encoding_in, std::size_t max_bytes_in) {
    encoding = encoding_in;
    max_bytes = max_bytes_in;
    made_bytes = 0;
    at_end = over_limit = false;
    head.clear();
    if (encoding != Encoding::kIdentity && piece == nullptr)
      piece = std::make_unique_for_overwrite<char[]>(kPieceBytes);
    failed = !begin_library();
  }

  bool begin_library() {
    switch (encoding) {
      case Encoding::kGzip:
        return begin_inflate(kGzipWindowBits);
      case Encoding::kDeflate:
        return begin_inflate(kZlibWindowBits);
      case Encoding::kZstd:
        return begin_zstd();
      case Encoding::kBrotli:
        if (brotli != nullptr) BrotliDecoderDestroyInstance(brotli);  // it cannot begin again
        brotli = BrotliDecoderCreateInstance(nullptr, nullptr, nullptr);
        return brotli != nullptr;
      case Encoding::kIdentity:
        break;
    }
    return true;
  }

  bool begin_zstd() {
    if (zstd != nullptr && ZSTD_sizeof_DCtx(zstd) > kKeptZstdBytes) {
      ZSTD_freeDCtx(zstd);
      zstd = nullptr;
    }
    if (zstd != nullptr) return ZSTD_isError(ZSTD_DCtx_reset(zstd, ZSTD_reset_session_only)) == 0;
    zstd = ZSTD_createDCtx();
    return zstd != nullptr && ZSTD_isError(ZSTD_DCtx_setParameter(zstd, ZSTD_d_windowLogMax, kZstdWindowLogMax)) == 0;
  }

  bool begin_inflate(int window_bits) {
    if (inflater_ready) return inflateReset2(&inflater, window_bits) == Z_OK;
    inflater_ready = inflateInit2(&inflater, window_bits) == Z_OK;
    return inflater_ready;
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
      ZSTD_outBuffer made{piece.get(), kPieceBytes, 0};
      const std::size_t hint = ZSTD_decompressStream(zstd, &made, &in);
      if (ZSTD_isError(hint) != 0) return fail(ZSTD_getErrorName(hint));
      at_end = hint == 0;
      if (Status status = take({piece.get(), made.pos}, out); !status.ok()) return status;
      more = made.pos == made.size && hint != 0;
    }
    return {};
  }

  Status write_deflate(std::string_view input, std::string& out) {
    constexpr std::size_t kHeadBytes = 2;
    if (head.size() == kHeadBytes) return write_inflate(input, out);
    const std::size_t taken = std::min(input.size(), kHeadBytes - head.size());
    head.append(input.substr(0, taken));
    if (head.size() < kHeadBytes) return {};
    if (!is_zlib_header(head) && !begin_inflate(kRawWindowBits)) return fail("out of memory");
    if (Status status = write_inflate(head, out); !status.ok()) return status;
    return write_inflate(input.substr(taken), out);
  }

  Status write_inflate(std::string_view input, std::string& out) {
    constexpr std::size_t kMost = std::numeric_limits<uInt>::max() / 2;
    for (; input.size() > kMost; input.remove_prefix(kMost)) {
      if (Status status = write_inflate(input.substr(0, kMost), out); !status.ok()) return status;
    }
    inflater.next_in = zlib_input(input);
    inflater.avail_in = static_cast<uInt>(input.size());
    for (bool more = false; more || inflater.avail_in > 0;) {
      // Only gzip has a next member.
      if (at_end && (encoding != Encoding::kGzip || inflateReset(&inflater) != Z_OK))
        return fail("it goes on after its end");
      at_end = false;
      inflater.next_out = reinterpret_cast<Bytef*>(piece.get());
      inflater.avail_out = static_cast<uInt>(kPieceBytes);
      const int code = inflate(&inflater, Z_NO_FLUSH);
      if (Status status = take({piece.get(), kPieceBytes - inflater.avail_out}, out); !status.ok()) return status;
      // Z_BUF_ERROR: nothing was left to give after the last full piece.
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
        return fail(inflater.msg != nullptr ? inflater.msg : "damaged");
      at_end = code == Z_STREAM_END;
      more = inflater.avail_out == 0 && !at_end;
    }
    return {};
  }

  Status write_brotli(std::string_view input, std::string& out) {
    const auto* next = reinterpret_cast<const std::uint8_t*>(input.data());
    std::size_t left = input.size();
    for (bool more = true; more && !at_end;) {
      auto* to = reinterpret_cast<std::uint8_t*>(piece.get());
      std::size_t room = kPieceBytes;
      const BrotliDecoderResult result = BrotliDecoderDecompressStream(brotli, &left, &next, &room, &to, nullptr);
      if (Status status = take({piece.get(), kPieceBytes - room}, out); !status.ok()) return status;
      if (result == BROTLI_DECODER_RESULT_ERROR)
        return fail(BrotliDecoderErrorString(BrotliDecoderGetErrorCode(brotli)));
      at_end = result == BROTLI_DECODER_RESULT_SUCCESS;
      more = result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
    }
    return left == 0 ? Status() : fail("it goes on after its end");
  }
};

Decompressor::Decompressor(Encoding encoding, std::size_t max_bytes) : impl_(std::make_unique<Impl>()) {
  impl_->begin(encoding, max_bytes);
}
Decompressor::~Decompressor() = default;

void Decompressor::reset(Encoding encoding, std::size_t max_bytes) { impl_->begin(encoding, max_bytes); }

Status Decompressor::write(std::string_view input, std::string& out) {
  if (impl_->failed) return impl_->fail("the stream has failed already");
  switch (impl_->encoding) {
    case Encoding::kZstd:
      return impl_->write_zstd(input, out);
    case Encoding::kGzip:
      return impl_->write_inflate(input, out);
    case Encoding::kDeflate:
      return impl_->write_deflate(input, out);
    case Encoding::kBrotli:
      return impl_->write_brotli(input, out);
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
