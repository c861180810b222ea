using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Coracle.Fuzz.Tests.Fuzzing;

/// <summary>
/// Says which text it was when the process does not live to say so: one that runs out of stack or never ends. What is tried is in a file before it is tried; the file goes when all went well.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan HungAfter = TimeSpan.FromMinutes(2);

    private readonly string file;
    private readonly SafeFileHandle handle;
    private readonly Timer timer;
    private volatile string current = "";
    private string seen = "";
    private DateTime since = DateTime.UtcNow;

    public Watchdog(string file)
    {
        this.file = file;
        handle = File.OpenHandle(file, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        timer = new Timer(_ => Look(), null, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
    }

    public void Begin(string target, int seed, long iteration)
    {
        current = string.Create(CultureInfo.InvariantCulture, $"CORACLE_FUZZ_REPLAY={target}:{seed}:{iteration}\n");
        RandomAccess.Write(handle, Encoding.ASCII.GetBytes(current.PadRight(80)), 0);
    }

    private void Look()
    {
        if (current != seen) (seen, since) = (current, DateTime.UtcNow);
        else if (current.Length > 0 && DateTime.UtcNow - since > HungAfter) Environment.FailFast($"a text is never done with: {current}");
    }

    public void Dispose()
    {
        timer.Dispose();
        handle.Dispose();
        File.Delete(file);
    }
}
