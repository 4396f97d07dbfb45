// The answer to a batch: what became of each of its entries. The three counts add up to what was sent.
#ifndef LOGS_SERVER_INGEST_BATCH_ANSWER_H_
#define LOGS_SERVER_INGEST_BATCH_ANSWER_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/response.h"
#include "server/ingest/batch_parser.h"
#include "server/store/store.h"

namespace logs_server {

// {"batch_id":"…","accepted":n,"duplicate":n,"rejected":[{"index":i,"uuid":"…","reason":"…"}]}
Response batch_answer(std::string_view batch_id, std::span<const AppendVerdict> verdicts,
                      std::span<const RejectedEntry> rejected);

// The id a client gave (letters, digits, '-' and '_', at most 64), else one made here.
std::string batch_id_of(std::optional<std::string_view> header);

}  // namespace logs_server

#endif  // LOGS_SERVER_INGEST_BATCH_ANSWER_H_
