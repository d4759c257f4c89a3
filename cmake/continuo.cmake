# What every target of ours shares: C++20, warnings, the sanitizers of the preset, includes written from the root.

option(CONTINUO_TESTS "Build tests, fuzzers' replay and benchmarks" ON)
option(CONTINUO_FUZZ "Build libFuzzer targets (clang)" OFF)
set(CONTINUO_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize takes them: address,undefined | thread")
option(CONTINUO_WERROR "Warnings are errors" OFF)

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()
find_program(CONTINUO_CCACHE ccache)
if(CONTINUO_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CONTINUO_CCACHE})
endif()
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

add_library(continuo_options INTERFACE)
target_compile_features(continuo_options INTERFACE cxx_std_20)
target_include_directories(continuo_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(continuo_options INTERFACE CONTINUO_VERSION="${PROJECT_VERSION}")
target_compile_options(continuo_options INTERFACE -Wall -Wextra -Wconversion -Wshadow -ffunction-sections)
target_link_options(continuo_options INTERFACE -Wl,--gc-sections)
if(CONTINUO_WERROR)
    target_compile_options(continuo_options INTERFACE -Werror)
endif()
# What is under test is instrumented, and not what tests it: a fifth of the time of such a build.
add_library(continuo_instrumented INTERFACE)
if(CONTINUO_SANITIZE)
    target_compile_options(continuo_instrumented INTERFACE
        -fsanitize=${CONTINUO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
        # Clang 14 can't tell where the type of a coroutine's parts would stand ("difference across sections").
        $<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=function>
        # Left to clang++, which asks the same in half the time: ASan stops at a null pointer all the same.
        $<$<CXX_COMPILER_ID:GNU>:-fno-sanitize=null,alignment,object-size,vptr>)
    target_link_options(continuo_options INTERFACE -fsanitize=${CONTINUO_SANITIZE})
endif()
if(CONTINUO_SANITIZE STREQUAL "thread") # which has to see everybody's accesses
    target_link_libraries(continuo_options INTERFACE continuo_instrumented)
endif()
if(CMAKE_UNITY_BUILD) # several files as one: what one hides is no header's, and shadows nothing of the others
    target_compile_options(continuo_options INTERFACE -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()
if(CONTINUO_FUZZ)
    target_compile_options(continuo_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# continuo_library(ROOM SOURCES a.cpp ... [LINK lib ...] [PRIVATE lib ...]): a room as the library continuo_ROOM.
function(continuo_library room)
    cmake_parse_arguments(arg "" "" "SOURCES;LINK;PRIVATE" ${ARGN})
    add_library(continuo_${room} STATIC ${arg_SOURCES})
    target_link_libraries(continuo_${room} PUBLIC continuo_options ${arg_LINK} PRIVATE continuo_instrumented ${arg_PRIVATE})
endfunction()

add_custom_target(programs) # everything that is installed
# continuo_program(NAME SOURCES a.cpp ... LINK lib ...): a binary in build/PRESET/bin.
function(continuo_program name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE continuo_options continuo_instrumented ${arg_LINK})
    add_dependencies(programs ${name})
endfunction()

# continuo_unit_test(ROOM SOURCES a_test.cpp ... LINK lib ...): one doctest binary a room, label unit.
function(continuo_unit_test room)
    cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
    add_executable(unit_${room} ${arg_SOURCES})
    target_link_libraries(unit_${room} PRIVATE continuo_options doctest_main ${arg_LINK})
    target_compile_definitions(unit_${room} PRIVATE CONTINUO_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    add_test(NAME unit.${room} COMMAND unit_${room})
    set_tests_properties(unit.${room} PROPERTIES LABELS "unit;fast" TIMEOUT 300)
    add_dependencies(unit_tests unit_${room})
endfunction()
