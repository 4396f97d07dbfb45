// ConnectionTable: the connections of one server, and how many of them one peer may have.
//
// When it is full, the connection that has waited longest for a request makes room: whoever merely holds connections
// open keeps nobody out. Internal to this folder: includes Asio and Beast. Thread-safety: every call from any thread.
#ifndef LOGS_SERVER_HTTP_CONNECTION_TABLE_H_
#define LOGS_SERVER_HTTP_CONNECTION_TABLE_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/http/connection.h"
#include "server/http/http_server.h"

namespace logs_server {

class ConnectionTable {
 public:
  explicit ConnectionTable(const HttpServerOptions& options);

  // False when there is no room for it, and none can be made.
  bool enter(const std::shared_ptr<Connection>& connection);
  void leave(Connection* connection);

  std::vector<std::shared_ptr<Connection>> living();
  bool wait_until_empty(std::chrono::milliseconds bound);

  std::size_t size();
  std::uint64_t refused_count();  // so far
  std::uint64_t retired_count();  // so far, to make room

 private:
  struct Place {
    std::weak_ptr<Connection> connection;
    std::string peer;
    bool retired = false;
  };
  // Under mutex_: has the longest idle connection go, of one peer or (empty) of all; false when none is idle.
  bool retire_one(const std::string& peer);
  bool has_room_for(const std::string& peer);

  const std::size_t max_connections_;
  const std::size_t max_per_peer_;               // 0: no bound
  const std::vector<std::string> shared_peers_;  // whose connections are many people's

  std::mutex mutex_;
  std::condition_variable left_;
  // Guarded by mutex_.
  std::unordered_map<Connection*, Place> places_;
  std::map<std::string, std::size_t> per_peer_;
  std::uint64_t refused_count_ = 0;
  std::uint64_t retired_count_ = 0;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_CONNECTION_TABLE_H_
