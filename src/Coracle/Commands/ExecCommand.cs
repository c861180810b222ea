using System.CommandLine;
using System.Globalization;
using Coracle.Commands.Cluster;
using Coracle.Sdk;

namespace Coracle.Commands;

/// <summary>coracle exec: runs a command in a container, with a terminal if asked.</summary>
internal static class ExecCommand
{
    private sealed record Options(string Target, IReadOnlyList<string> Command, string Container, bool Stdin, bool Tty, bool Quiet);

    public static Command Create()
    {
        var cluster = new ClusterOptions();
        var target = new Argument<string>("pod") { Description = "POD, or TYPE/NAME: one of its pods" };
        var words = new Argument<string[]>("command") { Description = "-- COMMAND [ARGS...]", Arity = ArgumentArity.OneOrMore };
        var container = new Option<string>("--container", "-c") { Description = "The container", DefaultValueFactory = _ => "" };
        var stdin = new Option<bool>("--stdin", "-i") { Description = "Pass the standard input on" };
        var tty = new Option<bool>("--tty", "-t") { Description = "The standard input is a terminal" };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Only what the command itself writes" };
        var command = new Command("exec", "Run a command in a container") { target, words, container, stdin, tty, quiet };
        cluster.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var options = new Options(parsed.GetValue(target)!, parsed.GetValue(words)!, parsed.GetValue(container)!, parsed.GetValue(stdin), parsed.GetValue(tty), parsed.GetValue(quiet));
            return cluster.Run(parsed, session => Run(session, options, cancel));
        });
        return command;
    }

    private static async Task<int> Run(ClusterSession session, Options options, CancellationToken cancel)
    {
        var pod = await PodChoice.Find(session, options.Target, cancel);
        if (pod.Status.Phase is "Succeeded" or "Failed")
            throw new CommandException($"cannot exec into a container in a completed pod; current phase is {pod.Status.Phase}");
        var container = options.Container.Length > 0 ? options.Container : PodChoice.Container(session, pod, "");
        var isTerminal = !Console.IsInputRedirected;
        if (options is { Tty: true, Stdin: true } && !isTerminal) session.Output.Error("Unable to use a TTY - input is not a terminal or the right kind of file");
        var tty = options is { Tty: true, Stdin: true } && isTerminal;
        using var raw = tty ? RawTerminal.Enter() : null;
        var result = await Exec(session, Key.Of(pod), new()
        {
            Arguments = options.Command, Container = container, Tty = tty, Stdin = options.Stdin ? RawTerminal.OpenInput() : null, Stdout = Console.OpenStandardOutput(),
            Stderr = tty ? null : Console.OpenStandardError(), Sizes = raw?.Sizes,
        }, cancel);
        if (result.Ok) return 0;
        raw?.Dispose();
        if (!options.Quiet) session.Output.Error(string.Create(CultureInfo.InvariantCulture, $"command terminated with exit code {result.ExitCode}"));
        return result.ExitCode;
    }

    // What goes wrong on the node, after the server has let the command through, is told as its own words alone.
    private static async Task<PodCommandResult> Exec(ClusterSession session, Key pod, PodCommand command, CancellationToken cancel)
    {
        try
        {
            return await session.Client.ExecAsync(pod, command, cancel);
        }
        catch (ApiException e) when (e.Status.Reason == "InternalError")
        {
            throw new CommandException(e.Status.Message);
        }
    }
}
