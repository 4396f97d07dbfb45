#include "src/throw_stack/throw_stack.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <array>
#include <coroutine>
#include <cstring>
#include <exception>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace logs_sdk {
namespace {

using Frames = std::vector<std::uintptr_t>;

const void* object_of(const std::exception_ptr& exception) {
  const void* object = nullptr;
  static_assert(sizeof(exception) == sizeof object);
  std::memcpy(&object, static_cast<const void*>(&exception), sizeof object);
  return object;
}

Frames frames_of(const std::exception_ptr& exception) {
  Frames frames(64);
  frames.resize(logs_sdk_throw_frames(object_of(exception), frames.data(), frames.size()));
  return frames;
}

// The throw lies within this function: its first instructions to its last take less than that.
constexpr std::uintptr_t kMostCode = 4096;

[[gnu::noinline]] void throw_here(int depth) {
  if (depth == 0) throw std::runtime_error("here");
  throw_here(depth - 1);
  asm volatile("");  // no tail call
}

bool begins_in(const Frames& frames, void (*function)(int)) {
  const auto begin = reinterpret_cast<std::uintptr_t>(function);
  return !frames.empty() && frames[0] >= begin && frames[0] < begin + kMostCode;
}

std::exception_ptr caught(int depth = 0) {
  try {
    throw_here(depth);
  } catch (...) {
    return std::current_exception();
  }
  return nullptr;
}

TEST(ThrowStackTest, the_innermost_frame_is_the_function_that_threw) {
  EXPECT_TRUE(begins_in(frames_of(caught()), throw_here));
}

TEST(ThrowStackTest, a_deep_stack_keeps_its_innermost_frames) {
  const Frames frames = frames_of(caught(100));
  EXPECT_EQ(frames.size(), 32u);
  EXPECT_TRUE(begins_in(frames, throw_here));
}

TEST(ThrowStackTest, what_is_thrown_again_keeps_the_place_of_its_first_throw) {
  std::exception_ptr again;
  try {
    try {
      throw_here(0);
    } catch (...) {
      throw;
    }
  } catch (...) {
    again = std::current_exception();
  }
  EXPECT_TRUE(begins_in(frames_of(again), throw_here));
  std::exception_ptr rethrown;
  try {
    std::rethrow_exception(again);
  } catch (...) {
    rethrown = std::current_exception();
  }
  EXPECT_TRUE(begins_in(frames_of(rethrown), throw_here));
}

TEST(ThrowStackTest, another_thread_finds_the_stack_of_the_thread_that_threw) {
  std::future<int> result = std::async(std::launch::async, []() -> int {
    throw_here(0);
    return 0;
  });
  std::exception_ptr here;
  try {
    result.get();
  } catch (...) {
    here = std::current_exception();
  }
  EXPECT_TRUE(begins_in(frames_of(here), throw_here));
}

TEST(ThrowStackTest, an_exception_that_was_made_and_not_thrown_shows_where_it_was_made) {
  const std::exception_ptr made = std::make_exception_ptr(std::runtime_error("made"));
  EXPECT_FALSE(frames_of(made).empty());
}

TEST(ThrowStackTest, an_exception_of_the_standard_library_shows_who_called_it) {
  std::exception_ptr thrown;
  try {
    static_cast<void>(std::vector<int>().at(1));
  } catch (...) {
    thrown = std::current_exception();
  }
  EXPECT_GT(frames_of(thrown).size(), 2u);
}

TEST(ThrowStackTest, the_stack_is_forgotten_with_the_exception) {
  std::exception_ptr one = caught();
  const void* object = object_of(one);
  std::exception_ptr copy = one;
  one = nullptr;
  std::array<std::uintptr_t, 1> frame;
  EXPECT_EQ(logs_sdk_throw_frames(object, frame.data(), 1), 1u);
  copy = nullptr;
  EXPECT_EQ(logs_sdk_throw_frames(object, frame.data(), 1), 0u);
}

TEST(ThrowStackTest, ten_thousand_exceptions_leave_no_trace_and_the_next_is_found) {
  for (int i = 0; i < 10000; ++i) static_cast<void>(caught());
  EXPECT_TRUE(begins_in(frames_of(caught()), throw_here));
}

TEST(ThrowStackTest, an_exception_within_the_unwinding_of_another_leaves_that_one_its_place) {
  struct ThrowsAndCatches {
    ~ThrowsAndCatches() {
      try {
        throw 1;
      } catch (int) {
      }
    }
  };
  std::exception_ptr outer;
  try {
    const ThrowsAndCatches guard;
    throw_here(0);
  } catch (...) {
    outer = std::current_exception();
  }
  EXPECT_TRUE(begins_in(frames_of(outer), throw_here));
}

// What a coroutine throws is kept by its promise, and thrown again into whoever resumes another one later.
struct Task {
  struct promise_type {
    std::exception_ptr thrown;
    Task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { thrown = std::current_exception(); }
  };
  std::coroutine_handle<promise_type> handle;
};

Task throwing_task() {
  throw_here(3);
  co_return;
}

TEST(ThrowStackTest, what_a_coroutine_throws_in_another_thread_is_found_when_it_is_awaited) {
  const Task task = throwing_task();
  std::thread([&] { task.handle.resume(); }).join();
  std::exception_ptr awaited;
  try {
    std::rethrow_exception(task.handle.promise().thrown);
  } catch (...) {
    awaited = std::current_exception();
  }
  EXPECT_TRUE(begins_in(frames_of(awaited), throw_here));
  awaited = nullptr;
  task.handle.destroy();
}

TEST(ThrowStackTest, the_unwinding_of_a_cancelled_thread_passes) {
  pthread_t thread{};
  static bool unwound = false;
  const auto wait = [](void*) -> void* {
    struct Note {
      ~Note() { unwound = true; }
    } note;
    for (;;) pthread_testcancel();
  };
  ASSERT_EQ(pthread_create(&thread, nullptr, wait, nullptr), 0);
  ASSERT_EQ(pthread_cancel(thread), 0);
  void* result = nullptr;
  pthread_join(thread, &result);
  EXPECT_EQ(result, PTHREAD_CANCELED);
  EXPECT_TRUE(unwound);
}

TEST(ThrowStackTest, an_exception_whose_constructor_throws_is_not_mixed_up_with_what_that_threw) {
  struct Refuses {
    Refuses() { throw_here(0); }
  };
  std::exception_ptr inner;
  try {
    throw Refuses();
  } catch (...) {
    inner = std::current_exception();
  }
  EXPECT_TRUE(begins_in(frames_of(inner), throw_here));
}

}  // namespace
}  // namespace logs_sdk
