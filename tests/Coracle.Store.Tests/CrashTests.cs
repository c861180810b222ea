using System.Collections.Concurrent;

namespace Coracle.Store.Tests;

/// <summary>A process that writes, and says what was acknowledged, is killed in the middle of it.</summary>
public sealed class CrashTests
{
    private const int Keys = 40;

    /// <summary>More than the child can have done without having said so. That much history stays, to tell a lost write from one that was followed by another.</summary>
    private const int Unsaid = 1000;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_no_revision_is_used_twice_when_the_process_is_killed()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "needs a Unix shell");
        using var folder = new TempFolder();
        var given = new Dictionary<long, string>();
        long highest = 0;
        var random = new Random(1);
        for (var round = 0; round < 6; round++)
        {
            var said = await WriteAndKill(folder.Path, lines: random.Next(50, 3000));
            foreach (var line in said)
            {
                var (revision, what) = (long.Parse(line.Split(' ')[1]), line);
                Assert.True(given.TryAdd(revision, what), $"given twice: {what}, {given.GetValueOrDefault(revision)}");
                Assert.True(revision > highest, "after a crash, numbers go on above all that were given out before");
            }

            highest = Math.Max(highest, given.Keys.Max());
            highest = Math.Max(highest, await CheckNothingIsLost(folder, given, highest));
        }
    }

    /// <summary>The child: several callers, each with keys of its own, so that the newest acknowledged of a key is what must be there.</summary>
    internal static async Task<int> Write(string directory)
    {
        await using var store = SqliteStore.Open(new() { Directory = directory, Restamp = Stamped.Again, ReservedRevisions = 500 });
        using var output = new StreamWriter(Console.OpenStandardOutput());
        var lines = new BlockingCollection<string>(boundedCapacity: 100);
        for (var caller = 0; caller < 8; caller++)
        {
            // Keys with heartbeats are rewritten after a crash; without, what was written last is what must be there to the letter.
            var (first, random, heartbeats) = (caller * (Keys / 8), new Random(caller), caller % 2 == 0);
            _ = Task.Run(async () =>
            {
                for (var i = 0; ; i++)
                {
                    var key = $"k{first + random.Next(Keys / 8)}";
                    var (delete, ephemeral) = (random.Next(8) == 0, heartbeats && random.Next(4) == 0);
                    var result = await store.WriteAsync(new(key, null, delete ? null : new Stamped($"{i}"), ephemeral));
                    if (result.Outcome == WriteOutcome.Committed)
                        lines.Add($"{(delete ? "deleted" : ephemeral ? "ephemeral" : "written")} {result.Revision} {key} {i}");
                }
            });
        }

        _ = Task.Run(async () =>
        {
            while (true)
                await store.CompactAsync(Math.Max(store.CompactedRevision, store.Revision - Unsaid));
        });
        foreach (var line in lines.GetConsumingEnumerable())
        {
            await output.WriteLineAsync(line);
            await output.FlushAsync();
        }

        return 0;
    }

    private static async Task<List<string>> WriteAndKill(string directory, int lines)
    {
        using var child = Child.Start("crash", directory);
        var said = new List<string>();
        while (await child.Output.ReadLineAsync() is { } line)
        {
            said.Add(line);
            if (said.Count == lines)
                child.Kill();
        }

        Assert.True(said.Count >= lines, "the child ended by itself");
        // The last line may have been cut off in the middle; without its end it is not said.
        said.RemoveAt(said.Count - 1);
        return said;
    }

    private static async Task<long> CheckNothingIsLost(TempFolder folder, Dictionary<long, string> given, long highest)
    {
        await using var store = folder.Open(o => o with { Restamp = Stamped.Again });
        Assert.True(store.Revision >= highest, $"{store.Revision} is below {highest}");
        var state = store.Load().ToDictionary(s => s.Key);
        var history = store.Replay(store.CompactedRevision).ToDictionary(c => c.Revision);
        foreach (var stored in state.Values)
            Assert.EndsWith($"@{stored.Revision}", stored.Value.Text());
        foreach (var key in given.GroupBy(g => g.Value.Split(' ')[2]))
        {
            // What the key may be now: the last durable write acknowledged, or what came after it.
            var durable = key.Where(g => !g.Value.StartsWith("ephemeral", StringComparison.Ordinal)).ToList();
            if (durable.Count == 0)
                continue;
            var (revision, said) = durable.MaxBy(g => g.Key);
            var exists = state.TryGetValue(key.Key, out var now);
            if (now.Revision > revision || history.Values.Any(c => c.Key == key.Key && c.Revision > revision))
                continue;
            if (said.StartsWith("deleted", StringComparison.Ordinal))
                Assert.False(exists, $"came back: {said}");
            else
                Assert.True(exists && now.Value.Text() == $"{said.Split(' ')[3]}@{revision}", $"lost: {said}");
        }

        return (await store.Put("probe", "x")).Committed();
    }
}
