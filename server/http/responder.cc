#include "server/http/responder.h"

#include <atomic>
#include <utility>

namespace logs_server {

class Responder::Promise {
 public:
  explicit Promise(std::function<void(Response)> deliver) : deliver_(std::move(deliver)) {}
  Promise(const Promise&) = delete;
  Promise& operator=(const Promise&) = delete;
  ~Promise() { send(error_response(500, "the request was not answered")); }

  void send(Response response) {
    if (!answered_.exchange(true)) deliver_(std::move(response));
  }

 private:
  const std::function<void(Response)> deliver_;
  std::atomic<bool> answered_ = false;
};

Responder::Responder(std::function<void(Response)> deliver) : promise_(std::make_shared<Promise>(std::move(deliver))) {}

void Responder::send(Response response) const { promise_->send(std::move(response)); }

}  // namespace logs_server
