using System.Globalization;
using System.Runtime.InteropServices;

namespace Coracle.Fuzz.Tests.Fuzzing;

/// <summary>
/// Runs a target on one text after the other. Each text follows from a seed and a number alone, so that a finding is replayed by both, whatever ran before it. What is measured is the time that this thread had
/// and what it allocated: neither depends on what else the machine does. What exceeds them must do so three times.
/// </summary>
internal sealed class Fuzzer
{
    private const double SecondsMax = 1;

    /// <summary>No thread of the server has less.</summary>
    private const int StackBytes = 1024 * 1024;

    private readonly string journal = Path.Combine(Path.GetTempPath(), $"coracle-fuzz.{Environment.ProcessId}.{Guid.NewGuid():N}");
    private readonly Watchdog watchdog;

    private Fuzzer() => watchdog = new(journal);

    /// <summary>Tries a number of texts; gives the first that is a finding, as small as it could be made.</summary>
    public static Finding? Run(FuzzTarget target, int seed, long first, long count)
    {
        Finding? found = null;
        OnItsThread(fuzzer =>
        {
            for (var i = first; i < first + count && found is null; i++) found = fuzzer.Try(target, seed, i);
        });
        return found is null ? null : Smaller(found);
    }

    /// <summary>Goes from target to target until the time is over. Tells of each finding once, and of where it is.</summary>
    public static IReadOnlyList<Finding> RunFor(IReadOnlyList<FuzzTarget> targets, TimeSpan time, int seed, Action<string> tell)
    {
        var found = new Dictionary<string, Finding>(StringComparer.Ordinal);
        var tries = new long[targets.Count];
        OnItsThread(fuzzer =>
        {
            var end = DateTime.UtcNow + time;
            var told = DateTime.UtcNow;
            for (var round = 0L; DateTime.UtcNow < end; round++)
                for (var t = 0; t < targets.Count && DateTime.UtcNow < end; t++)
                {
                    var slice = DateTime.UtcNow + TimeSpan.FromMilliseconds(500);
                    do
                    {
                        if (fuzzer.Try(targets[t], seed, tries[t]++) is { } finding && found.TryAdd($"{targets[t].Name} {finding.What}", finding)) tell($"FOUND {finding}");
                    }
                    while (DateTime.UtcNow < slice);
                    if (DateTime.UtcNow - told < TimeSpan.FromMinutes(1)) continue;
                    told = DateTime.UtcNow;
                    tell(string.Create(CultureInfo.InvariantCulture, $"{tries.Sum():N0} texts, {found.Count} findings, {GC.GetTotalMemory(false) / 1048576} MB"));
                }
        });
        tell(string.Join('\n', targets.Select((target, t) => string.Create(CultureInfo.InvariantCulture, $"{target.Name,-16} {tries[t],12:N0} texts"))));
        return [.. found.Values];
    }

    private static void OnItsThread(Action<Fuzzer> run)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            var fuzzer = new Fuzzer();
            try { run(fuzzer); }
            catch (Exception e) { failure = e; }
            finally { fuzzer.watchdog.Dispose(); }
        }, StackBytes);
        thread.Start();
        thread.Join();
        if (failure is not null) throw new InvalidOperationException("the fuzzer itself failed", failure);
    }

    private Finding? Try(FuzzTarget target, int seed, long iteration)
    {
        watchdog.Begin(target.Name, seed, iteration);
        var input = Inputs.Make(target, seed, iteration);
        return Problem(target, input) is { } what ? new(target, seed, iteration, input, what) : null;
    }

    private static string? Problem(FuzzTarget target, Seed input)
    {
        string? problem = null;
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var (time, allocated) = (ThreadSeconds(), GC.GetAllocatedBytesForCurrentThread());
            try { target.Run(input); }
            catch (Exception e) { return Finding.Describe(e); }
            time = ThreadSeconds() - time;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            if (time > SecondsMax) problem = "takes too long";
            else if (allocated > target.AllocatedMax + target.AllocatedPerByte * input.Bytes.Length) problem = "allocates too much";
            else return null;
        }
        return problem;
    }

    /// <summary>The same finding in less text: pieces are left out as long as it stays.</summary>
    private static Finding Smaller(Finding finding)
    {
        var deadline = DateTime.UtcNow + TimeSpan.FromSeconds(5);
        OnItsThread(_ =>
        {
            for (var size = finding.Input.Bytes.Length / 2; size > 0 && DateTime.UtcNow < deadline; size /= 2)
                for (var at = 0; at + size <= finding.Input.Bytes.Length && DateTime.UtcNow < deadline;)
                {
                    var less = finding.Input with { Bytes = [.. finding.Input.Bytes.AsSpan(0, at), .. finding.Input.Bytes.AsSpan(at + size)] };
                    if (Problem(finding.Target, less) == finding.What) finding = finding with { Input = less };
                    else at += size;
                }
        });
        return finding;
    }

    // Not the clock on the wall: what others do does not count.
    private static double ThreadSeconds()
    {
        const int threadCpuTime = 3;
        _ = ClockGetTime(threadCpuTime, out var time);
        return time.Seconds + time.Nanoseconds / 1e9;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
