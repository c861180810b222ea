using System.Diagnostics;
using System.Text;

namespace Coracle.Kubectl.Tests;

/// <summary>Commands of a transcript, in a working directory of their own.</summary>
internal sealed class Shell(string directory, IReadOnlyDictionary<string, string> environment)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>What it printed, both streams as they came, and "[exit N]" when it failed.</summary>
    public async Task<IReadOnlyList<string>> Run(string command, CancellationToken cancel)
    {
        await using var running = Start(command);
        try
        {
            await running.Ended.WaitAsync(Limit, cancel);
        }
        catch (TimeoutException)
        {
            return [.. running.Lines, $"[still running after {Limit.TotalSeconds:0} s]"];
        }
        return running.ExitCode == 0 ? running.Lines : [.. running.Lines, $"[exit {running.ExitCode}]"];
    }

    public RunningCommand Start(string command)
    {
        var start = new ProcessStartInfo("bash")
        {
            WorkingDirectory = directory, RedirectStandardInput = true, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec 2>&1; set -o pipefail; " + command);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new RunningCommand(Process.Start(start)!);
    }
}

/// <summary>A process and what it has printed so far.</summary>
internal sealed class RunningCommand : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _printed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RunningCommand(Process process)
    {
        _process = process;
        process.StandardInput.Close();
        _ = Read();
    }

    public Task Ended => _ended.Task;
    public int ExitCode => _process.ExitCode;

    /// <summary>The lines up to now; one that has not ended yet is the last.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                var lines = _text.ToString().ReplaceLineEndings("\n").Split('\n').ToList();
                while (lines.Count > 0 && lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
                return lines;
            }
        }
    }

    /// <summary>Ends when something has been printed since it was asked for, or the process has ended.</summary>
    public Task Printed
    {
        get
        {
            lock (_lock) return _printed.Task;
        }
    }

    private async Task Read()
    {
        var buffer = new char[4096];
        while (await _process.StandardOutput.ReadAsync(buffer) is > 0 and var count)
        {
            TaskCompletionSource printed;
            lock (_lock)
            {
                _text.Append(buffer, 0, count);
                (printed, _printed) = (_printed, new(TaskCreationOptions.RunContinuationsAsynchronously));
            }
            printed.TrySetResult();
        }
        await _process.WaitForExitAsync();
        _ended.TrySetResult();
        lock (_lock) _printed.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _ended.Task.WaitAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _process.Dispose();
    }
}
