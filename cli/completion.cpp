#include "cli/completion.hpp"

namespace continuo::cli {
namespace {

constexpr std::string_view bash_script = R"sh(_continuo_channels() {
    continuo status 2>/dev/null | sed -n '2,/^$/s/ .*//p'
}
_continuo() {
    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
    local words=
    if [ "$COMP_CWORD" -eq 1 ]; then
        words='run check status restart switch reload verify analyze resegment cue completion --help --version'
    elif [ "$previous" = --config ]; then
        COMPREPLY=($(compgen -f -- "$word"))
        return
    else
        case $command in
            run) words='--config --from-env --help' ;;
            reload) words='--config --help' ;;
            restart | switch) words="--config --help $(_continuo_channels)" ;;
            status) words='--config --json --help' ;;
            verify) words='--seconds --json --help' ;;
            analyze)
                COMPREPLY=($(compgen -W '--json --help' -- "$word") $(compgen -f -- "$word"))
                return ;;
            resegment)
                case $previous in
                    -i | --input | -s | --sidecar_file) COMPREPLY=($(compgen -f -- "$word")); return ;;
                    -o | --output_dir) COMPREPLY=($(compgen -d -- "$word")); return ;;
                    -T | --hls_tag) words='x_cue x_scte35 x_daterange x_splicepoint' ;;
                    *) words='--input --output_dir --sidecar_file --time --hls_tag --window_size --delete --live --replay
                        --shulga --program_date_time --version --no-discontinuity --no-throttle --byterange --continue
                        --idle --help' ;;
                esac ;;
            cue)
                if [ "$COMP_CWORD" -eq 2 ]; then
                    words="decode encode --help $(_continuo_channels)"
                else
                    case ${COMP_WORDS[2]} in
                        decode) words='--json --help' ;;
                        encode) words='--out --in --duration --pts --time --immediate --event-id --no-auto-return
                            --time-signal --type --hex --help' ;;
                        *) words='--out --in --section --duration --at --id --no-auto-return --config --help' ;;
                    esac
                fi ;;
            completion) words='bash zsh fish' ;;
            check) COMPREPLY=($(compgen -f -- "$word")); return ;;
        esac
    fi
    COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o filenames -F _continuo continuo
)sh";

constexpr std::string_view zsh_script = R"sh(#compdef continuo
_continuo_channels() {
    compadd -- ${(f)"$(continuo status 2>/dev/null | sed -n '2,/^$/s/ .*//p')"}
}
_continuo() {
    local -a commands
    commands=(
        'run:put the channels on air'
        'check:say everything that is wrong with a configuration'
        'status:show what the channels are doing'
        'restart:start a channel anew'
        'switch:put another stream on air'
        'reload:make the daemon read its configuration again'
        'verify:hold a live stream against the rules'
        'analyze:say what the DASH live simulator makes of an MPD'
        'resegment:cut a ladder again, with cues'
        'cue:begin and end breaks, read and write SCTE-35 cues'
        'completion:print a completion script for a shell'
    )
    if (( CURRENT == 2 )); then
        _describe command commands
        return
    fi
    case $words[2] in
        run) _arguments '(--from-env)--config[the configuration]:file:_files' '(--config)--from-env[of environment variables alone]' ;;
        reload) _arguments '--config[the configuration]:file:_files' ;;
        restart) _arguments '--config[the configuration]:file:_files' '2:channel:_continuo_channels' ;;
        switch) _arguments '--config[the configuration]:file:_files' '2:channel:_continuo_channels' '3:url:_urls' ;;
        status) _arguments '--config[the configuration]:file:_files' '--json[for programs]' ;;
        verify) _arguments '--seconds[how long]:seconds:' '--json[for programs]' '2:url:_urls' ;;
        analyze) _arguments '--json[for programs]' '2:MPD:_files' ;;
        check) _files ;;
        resegment) _arguments {-i,--input}'[playlist or TS]:input:_files' {-o,--output_dir}'[where to]:directory:_files -/' \
            {-s,--sidecar_file}'[cues]:file:_files' {-t,--time}'[of a segment]:seconds:' \
            {-T,--hls_tag}'[style of the tags]:tag:(x_cue x_scte35 x_daterange x_splicepoint)' \
            {-w,--window_size}'[segments listed]:number:' {-d,--delete}'[unlink what has left]' \
            {-l,--live}'[at the pace of real time]' {-r,--replay}'[for ever]' {-S,--shulga}'[cut at indicators]' \
            {-p,--program_date_time}'[a date on every segment]' --no-discontinuity'[none at breaks]' \
            --no-throttle'[at full speed]' --byterange'[one file a variant]' --continue'[append]' --idle'[end after]:seconds:' ;;
        cue)
            if (( CURRENT == 3 )); then
                _values command decode encode
                _continuo_channels
            elif [[ $words[3] == decode ]]; then
                _arguments '--json[for programs]'
            elif [[ $words[3] != encode ]]; then
                _arguments '(--in --section)--out[a break begins]' '(--out --section)--in[it ends]' \
                    '(--out --in)--section[any section]:base64:' '--duration[of the break]:seconds:' '--at[from now]:seconds:' \
                    '--id[of the break]:number:' '--no-auto-return[it lasts until its end is told]' \
                    '--config[the configuration]:file:_files'
            else
                _arguments '(--in)--out[a break begins]' '(--out)--in[it ends]' '--duration[of the break]:seconds:' \
                    '(--time --immediate)--pts[splice time]:ticks of 90 kHz:' '(--pts --immediate)--time[splice time]:seconds:' \
                    '(--pts --time)--immediate[at once]' '--event-id[of a break and its end]:number:' \
                    '--no-auto-return[it lasts until its end is told]' '--time-signal[not a splice_insert]' \
                    '--type[segmentation_type_id]:number:' '--hex[not base64]'
            fi ;;
        completion) _values shell bash zsh fish ;;
    esac
}
compdef _continuo continuo
)sh";

constexpr std::string_view fish_script = R"sh(complete -c continuo -f
set -l commands run check status restart switch reload verify analyze resegment cue completion
complete -c continuo -n "not __fish_seen_subcommand_from $commands" -a run -d 'put the channels on air'
complete -c continuo -n "not __fish_seen_subcommand_from $commands" -a check -d 'say everything that is wrong with a configuration'
complete -c continuo -n "not __fish_seen_subcommand_from $commands" -a status -d 'show what the channels are doing'
complete -c continuo -n "not __fish_seen_subcommand_from $commands" -a restart -d 'start a channel anew'
complete -c continuo -n "not __fish_seen_subcommand_from $commands" -a switch -d 'put another stream on air'
complete -c continuo -n "not __fish_seen_subcommand_from $commands" -a reload -d 'make the daemon read its configuration again'
complete -c continuo -n "not __fish_seen_subcommand_from $commands" -a verify -d 'hold a live stream against the rules'
complete -c continuo -n "not __fish_seen_subcommand_from $commands" -a analyze -d 'say what the DASH live simulator makes of an MPD'
complete -c continuo -n "not __fish_seen_subcommand_from $commands" -a resegment -d 'cut a ladder again, with cues'
complete -c continuo -n "not __fish_seen_subcommand_from $commands" -a cue -d 'begin and end breaks, read and write SCTE-35 cues'
complete -c continuo -n "not __fish_seen_subcommand_from $commands" -a completion -d 'print a completion script for a shell'
complete -c continuo -n '__fish_seen_subcommand_from run status restart switch reload' -l config -r -F -d 'the configuration'
complete -c continuo -n '__fish_seen_subcommand_from run' -l from-env -d 'of environment variables alone'
complete -c continuo -n '__fish_seen_subcommand_from restart switch' -a "(continuo status 2>/dev/null | sed -n '2,/^\$/s/ .*//p')"
complete -c continuo -n '__fish_seen_subcommand_from status verify analyze' -l json -d 'for programs'
complete -c continuo -n '__fish_seen_subcommand_from verify' -l seconds -x -d 'how long'
complete -c continuo -n '__fish_seen_subcommand_from check analyze' -F
complete -c continuo -n '__fish_seen_subcommand_from resegment' -s i -l input -r -F -d 'playlist or TS'
complete -c continuo -n '__fish_seen_subcommand_from resegment' -s o -l output_dir -r -F -d 'where to'
complete -c continuo -n '__fish_seen_subcommand_from resegment' -s s -l sidecar_file -r -F -d 'cues'
complete -c continuo -n '__fish_seen_subcommand_from resegment' -s t -l time -x -d 'seconds per segment'
complete -c continuo -n '__fish_seen_subcommand_from resegment' -s T -l hls_tag -x -a 'x_cue x_scte35 x_daterange x_splicepoint' -d 'style of the tags'
complete -c continuo -n '__fish_seen_subcommand_from resegment' -s w -l window_size -x -d 'segments listed'
complete -c continuo -n '__fish_seen_subcommand_from resegment' -s d -l delete -d 'unlink what has left'
complete -c continuo -n '__fish_seen_subcommand_from resegment' -s l -l live -d 'at the pace of real time'
complete -c continuo -n '__fish_seen_subcommand_from resegment' -s r -l replay -d 'for ever'
complete -c continuo -n '__fish_seen_subcommand_from resegment' -s S -l shulga -d 'cut at indicators'
complete -c continuo -n '__fish_seen_subcommand_from resegment' -s p -l program_date_time -d 'a date on every segment'
complete -c continuo -n '__fish_seen_subcommand_from resegment' -l no-discontinuity -d 'none at breaks'
complete -c continuo -n '__fish_seen_subcommand_from resegment' -l no-throttle -d 'at full speed'
complete -c continuo -n '__fish_seen_subcommand_from resegment' -l byterange -d 'one file a variant'
complete -c continuo -n '__fish_seen_subcommand_from resegment' -l continue -d 'append'
complete -c continuo -n '__fish_seen_subcommand_from resegment' -l idle -x -d 'end after seconds'
complete -c continuo -n '__fish_seen_subcommand_from cue; and not __fish_seen_subcommand_from decode encode' -a 'decode encode'
complete -c continuo -n '__fish_seen_subcommand_from cue; and not __fish_seen_subcommand_from decode encode' -a "(continuo status 2>/dev/null | sed -n '2,/^\$/s/ .*//p')"
complete -c continuo -n '__fish_seen_subcommand_from cue; and not __fish_seen_subcommand_from decode encode' -l out -d 'a break begins'
complete -c continuo -n '__fish_seen_subcommand_from cue; and not __fish_seen_subcommand_from decode encode' -l in -d 'it ends'
complete -c continuo -n '__fish_seen_subcommand_from cue; and not __fish_seen_subcommand_from decode encode' -l section -x -d 'any section'
complete -c continuo -n '__fish_seen_subcommand_from cue; and not __fish_seen_subcommand_from decode encode' -l duration -x -d 'seconds of the break'
complete -c continuo -n '__fish_seen_subcommand_from cue; and not __fish_seen_subcommand_from decode encode' -l at -x -d 'seconds from now'
complete -c continuo -n '__fish_seen_subcommand_from cue; and not __fish_seen_subcommand_from decode encode' -l id -x -d 'of the break'
complete -c continuo -n '__fish_seen_subcommand_from cue; and not __fish_seen_subcommand_from decode encode' -l no-auto-return -d 'it lasts until its end is told'
complete -c continuo -n '__fish_seen_subcommand_from cue; and __fish_seen_subcommand_from decode' -l json -d 'for programs'
complete -c continuo -n '__fish_seen_subcommand_from encode' -l out -d 'a break begins'
complete -c continuo -n '__fish_seen_subcommand_from encode' -l in -d 'it ends'
complete -c continuo -n '__fish_seen_subcommand_from encode' -l duration -x -d 'seconds of the break'
complete -c continuo -n '__fish_seen_subcommand_from encode' -l pts -x -d 'splice time in ticks'
complete -c continuo -n '__fish_seen_subcommand_from encode' -l time -x -d 'splice time in seconds'
complete -c continuo -n '__fish_seen_subcommand_from encode' -l immediate -d 'at once'
complete -c continuo -n '__fish_seen_subcommand_from encode' -l event-id -x -d 'of a break and its end'
complete -c continuo -n '__fish_seen_subcommand_from encode' -l no-auto-return -d 'it lasts until its end is told'
complete -c continuo -n '__fish_seen_subcommand_from encode' -l time-signal -d 'not a splice_insert'
complete -c continuo -n '__fish_seen_subcommand_from encode' -l type -x -d 'segmentation_type_id'
complete -c continuo -n '__fish_seen_subcommand_from encode' -l hex -d 'not base64'
complete -c continuo -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'
)sh";

} // namespace

std::vector<std::string> completion_shells() {
    return {"bash", "zsh", "fish"};
}

std::string_view completion_script(std::string_view shell) {
    if (shell == "bash") return bash_script;
    return shell == "zsh" ? zsh_script : fish_script;
}

} // namespace continuo::cli
