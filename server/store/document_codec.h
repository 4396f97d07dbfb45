// How documents lie on disk: one zstd frame each, with content size and checksum, so that damage is seen when it is
// read.
//
// One thread at a time per object; each keeps its working memory between calls.
#ifndef LOGS_SERVER_STORE_DOCUMENT_CODEC_H_
#define LOGS_SERVER_STORE_DOCUMENT_CODEC_H_

#include <zstd.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace logs_server {

// Above the largest request body that ingest takes (8 MiB), below what a forged frame header could ask us to allocate.
inline constexpr std::size_t kMaxDocumentBytes = std::size_t{16} << 20;

class DocumentPacker {
 public:
  DocumentPacker();
  // Replaces `packed`. False only when zstd fails (out of memory) or the document is longer than kMaxDocumentBytes.
  bool pack(std::string_view document, std::string& packed);

 private:
  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context_;
};

class DocumentUnpacker {
 public:
  DocumentUnpacker();
  // Replaces `document`. False: damaged, `document` is then empty.
  bool unpack(std::string_view packed, std::string& document);

 private:
  std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_STORE_DOCUMENT_CODEC_H_
