using System.Diagnostics;

namespace Coracle.Store.Tests;

/// <summary>This test program, started again as a process that can be killed. What it does there is chosen by an environment variable.</summary>
internal sealed class Child : IDisposable
{
    private const string Variable = "CORACLE_STORE_TESTS_CHILD";

    private readonly Process _process;

    private Child(Process process) => _process = process;

    public int Id => _process.Id;

    public StreamReader Output => _process.StandardOutput;

    public StreamWriter Input => _process.StandardInput;

    public static Child Start(string program, string directory)
    {
        var host = Environment.ProcessPath!;
        var isDotnet = Path.GetFileNameWithoutExtension(host) == "dotnet";
        // A write beyond the limit on file sizes is answered with an error instead of ending the process.
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("trap '' XFSZ; exec \"$@\"");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(host);
        if (isDotnet)
            start.ArgumentList.Add(typeof(Child).Assembly.Location);
        start.Environment[Variable] = $"{program} {directory}";
        return new(Process.Start(start)!);
    }

    public void Kill() => _process.Kill();

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>What to run instead of tests, in a child.</summary>
    public static Func<Task<int>>? Requested => Environment.GetEnvironmentVariable(Variable)?.Split(' ', 2) switch
    {
        ["crash", var directory] => () => CrashTests.Write(directory),
        ["commands", var directory] => () => IoErrorTests.Obey(directory),
        _ => null,
    };
}
