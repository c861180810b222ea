using System.Diagnostics;
using System.Globalization;

namespace Coracle.Testing;

/// <summary>
/// Goes through seeds. By default one after another, up to the first that fails. The environment makes a long run of it, as of ten thousand seeds overnight:
/// CORACLE_SIM_REPORT = a file, in which it notes how far it is and each seed that fails, without stopping there; CORACLE_SIM_JOBS = how many run at a time, each on its own thread.
/// </summary>
public static class SeedSweep
{
    private const int ShownMax = 20;

    internal static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    internal static async Task RunAsync(IEnumerable<int> seeds, Func<int, Task> run)
    {
        var report = Environment.GetEnvironmentVariable("CORACLE_SIM_REPORT") is { Length: > 0 } path ? new Report(path) : null;
        using var next = seeds.GetEnumerator();
        var failures = new List<Exception>();
        await Task.WhenAll(Enumerable.Range(0, Number("CORACLE_SIM_JOBS") ?? 1).Select(_ => WorkAsync()));
        report?.End(failures.Count);
        if (failures.Count == 1) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failures[0]);
        if (failures.Count > 1) throw new AggregateException($"{failures.Count} seeds fail", failures.Take(ShownMax));

        async Task WorkAsync()
        {
            while (Take() is { } seed)
            {
                try
                {
                    await run(seed);
                    report?.Passed();
                }
                catch (Exception failure)
                {
                    lock (failures) failures.Add(failure);
                    report?.Failed(failure);
                }
            }
        }

        int? Take()
        {
            lock (failures) return (failures.Count == 0 || report is not null) && next.MoveNext() ? next.Current : null;
        }
    }

    private sealed class Report(string path)
    {
        private const int Often = 100;

        private readonly Lock _gate = new();
        private readonly long _began = Stopwatch.GetTimestamp();
        private readonly TimeSpan _usedBefore = Environment.CpuUsage.TotalTime;
        private int _done;

        public void Passed() => Count("");
        public void Failed(Exception failure) => Count(failure.Message + "\n");
        public void End(int failed) => Note(string.Create(CultureInfo.InvariantCulture, $"{Line()}, {failed} failed\n"));

        private void Count(string text)
        {
            lock (_gate)
            {
                if (++_done % Often == 0) text += Line() + "\n";
                if (text.Length > 0) Note(text);
            }
        }

        private string Line() => string.Create(CultureInfo.InvariantCulture,
            $"{_done} seeds, {Stopwatch.GetElapsedTime(_began).TotalSeconds / Math.Max(1, _done):F3} s each, {(Environment.CpuUsage.TotalTime - _usedBefore).TotalSeconds / Math.Max(1, _done):F3} s of a core each");

        private void Note(string text) => File.AppendAllText(path, text);
    }
}
