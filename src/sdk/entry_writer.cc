#include "src/sdk/entry_writer.h"

#include <vector>

#include "src/masking/entry_masker.h"
#include "src/sdk/manual_entry.h"
#include "src/sdk/thread_buffers.h"
#include "src/shipper/destination.h"

namespace logs_sdk::inline v1 {

bool EntryWriter::encode_and_append(EntryView& view, ByteBuffer& bytes) const {
  const std::size_t most = spool_.max_record_bytes();
  encoder_.encode(view, bytes);
  if (bytes.view().size() > most) {
    view.request_body = view.response_body = BodyView{};
    encoder_.encode(view, bytes);
  }
  if (bytes.view().size() > most) {
    view.request_headers = view.response_headers = HeadersView{};
    encoder_.encode(view, bytes);
  }
  return spool_.append(kEntryStream, bytes.view()) !=
         Appended::kDropped;  // still too large: the spool drops and counts
}

bool EntryWriter::encode_and_append(InfraLogEntry& entry, ByteBuffer& bytes) const {
  infra_encoder_.encode(entry, bytes);
  for (std::string* least_needed : {&entry.metadata, &entry.error_detail}) {
    if (bytes.view().size() <= spool_.max_record_bytes()) break;
    least_needed->clear();
    infra_encoder_.encode(entry, bytes);
  }
  return spool_.append(kInfraStream, bytes.view()) != Appended::kDropped;
}

bool EntryWriter::write(ExchangeState& state, Outcome outcome, SteadyTime end) const noexcept {
  try {
    const BorrowedBuffers buffers;
    EntryView view;
    capture_.capture(state, outcome, end, buffers->scratch, view);
    return encode_and_append(view, buffers->bytes);
  } catch (...) {  // memory has run out
    spool_.count_drop(DropReason::kInternal);
    return false;
  }
}

bool EntryWriter::write(LogEntry& entry, WallTime now, Random& random) const noexcept {
  try {
    fill_empty_fields(entry, now, random);
    mask_entry(capture_.masker(), entry);
    std::vector<TagView> tags;
    EntryView view = view_of(entry, tags);
    const BorrowedBuffers buffers;
    return encode_and_append(view, buffers->bytes);
  } catch (...) {  // memory has run out
    spool_.count_drop(DropReason::kInternal);
    return false;
  }
}

bool EntryWriter::write(InfraLogEntry& entry, WallTime now, Exchange& within) const noexcept {
  try {
    fill_empty_fields(entry, now, within);
    mask_entry(capture_.masker(), entry);
    const BorrowedBuffers buffers;
    return encode_and_append(entry, buffers->bytes);
  } catch (...) {  // memory has run out
    spool_.count_drop(DropReason::kInternal);
    return false;
  }
}

}  // namespace logs_sdk::inline v1
