using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;

namespace Coracle.Node.Network;

/// <summary>A command of the host, such as <c>nft</c> or <c>ip</c>, run without a shell.</summary>
/// <param name="File">Its name, looked up in the path, or its full path.</param>
/// <param name="Arguments">Passed as they are; nothing is expanded.</param>
public sealed record Command(string File, params ImmutableArray<string> Arguments)
{
    /// <summary>What it reads on its standard input.</summary>
    public string Input { get; init; } = "";

    public override string ToString() => string.Join(' ', Arguments.Prepend(File));
}

/// <summary>How a command ended. A command that could not be started or took too long has <see cref="ExitCode"/> -1 and says why in <see cref="Error"/>.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public bool Ok => ExitCode == 0;
}

/// <summary>The seam to the host's commands. Never throws for a command that fails, only on cancellation.</summary>
public delegate Task<CommandResult> RunCommand(Command command, CancellationToken cancellation);

/// <summary>Real commands.</summary>
public static class HostCommands
{
    /// <summary>Runs commands on this machine, each for at most <paramref name="limit"/>.</summary>
    public static RunCommand WithLimit(TimeSpan limit, TimeProvider time) => (command, cancellation) => RunAsync(command, limit, time, cancellation);

    /// <summary>The same commands, inside a named network namespace (<c>/run/netns/NAME</c>).</summary>
    public static RunCommand InNamespace(this RunCommand run, string name) => (command, cancellation) =>
        run(command with { File = "nsenter", Arguments = [$"--net=/run/netns/{name}", command.File, .. command.Arguments] }, cancellation);

    private static async Task<CommandResult> RunAsync(Command command, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var process = new Process();
        process.StartInfo = new ProcessStartInfo(command.File, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception failure)
        {
            return new CommandResult(-1, "", $"cannot run {command.File}: {failure.Message}");
        }

        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            return await TalkAsync(process, command.Input, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new CommandResult(-1, "", $"{command.File} did not end within {limit.TotalSeconds:0.#} s");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task<CommandResult> TalkAsync(Process process, string input, CancellationToken cancellation)
    {
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading everything; its exit code and its errors tell the rest.
        }

        await process.WaitForExitAsync(cancellation);
        return new CommandResult(process.ExitCode, await output, await error);
    }
}
