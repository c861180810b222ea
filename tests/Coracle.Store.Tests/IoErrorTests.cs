using System.Diagnostics;

namespace Coracle.Store.Tests;

/// <summary>The disk refuses writes for a while: really, by the operating system's limit on the size of files.</summary>
public sealed class IoErrorTests
{
    private const string Prlimit = "/usr/bin/prlimit";

    [Fact]
    public async Task A_disk_that_fails_makes_writes_unavailable_until_it_works_again()
    {
        Assert.SkipUnless(File.Exists(Prlimit), "needs prlimit");
        using var folder = new TempFolder();
        var acknowledged = new List<string>();
        using (var child = Child.Start("commands", folder.Path))
        {
            for (var i = 0; i < 20; i++)
                await Ask(child, $"a{i}", WriteOutcome.Committed, acknowledged);
            await Limit(child, "4096");
            for (var i = 0; i < 5; i++)
                Assert.Contains("could not write", await Ask(child, $"b{i}", WriteOutcome.Unavailable, acknowledged));
            await Limit(child, "unlimited");
            for (var i = 0; i < 20; i++)
                await Ask(child, $"c{i}", WriteOutcome.Committed, acknowledged);
            await Limit(child, "4096");
            await Ask(child, "d", WriteOutcome.Unavailable, acknowledged);
        }

        await using var store = folder.Open();
        Assert.Equal(acknowledged, store.Load().Select(s => $"{s.Key} {s.Revision}").OrderBy(s => int.Parse(s.Split(' ')[1])));
        Assert.Equal(40, acknowledged.Count);
    }

    /// <summary>Until it is known what a crash would find of a failed commit, not even a heartbeat may be acknowledged: its revision might be found taken.</summary>
    [Fact]
    public async Task A_commit_of_unknown_end_is_settled_before_anything_else_is_acknowledged()
    {
        Assert.SkipUnless(File.Exists(Prlimit), "needs prlimit");
        using var folder = new TempFolder();
        using var child = Child.Start("commands", folder.Path);
        var acknowledged = new List<string>();
        await Ask(child, "node", WriteOutcome.Committed, acknowledged);
        for (var beat = 0; beat < 3; beat++)
            await Ask(child, "beat node", WriteOutcome.Committed, acknowledged);
        await Limit(child, "4096");
        await Ask(child, "beat node", WriteOutcome.Committed, acknowledged);
        await Ask(child, "other", WriteOutcome.Unavailable, acknowledged);
        await Ask(child, "beat node", WriteOutcome.Unavailable, acknowledged);
        await Limit(child, "unlimited");
        await Ask(child, "beat node", WriteOutcome.Committed, acknowledged);
        await Ask(child, "other", WriteOutcome.Committed, acknowledged);
    }

    /// <summary>The child: creates the keys it is told, or renews them, and says what became of each.</summary>
    internal static async Task<int> Obey(string directory)
    {
        await using var store = SqliteStore.Open(new() { Directory = directory });
        while (Console.ReadLine() is { } command)
        {
            var value = new StoredBytes(new byte[5000]);
            var result = await store.WriteAsync(command.Split(' ') is ["beat", var key] ? new(key, null, value, Ephemeral: true) : new(command, 0, value));
            Console.WriteLine($"{result.Outcome} {result.Revision} {result.Error}");
        }

        return 0;
    }

    private static async Task<string> Ask(Child child, string key, WriteOutcome expected, List<string> acknowledged)
    {
        await child.Input.WriteLineAsync(key);
        await child.Input.FlushAsync();
        var answer = (await child.Output.ReadLineAsync())!;
        Assert.StartsWith($"{expected} ", answer);
        if (expected == WriteOutcome.Committed)
            acknowledged.Add($"{key} {answer.Split(' ')[1]}");
        return answer;
    }

    private static async Task Limit(Child child, string softLimit)
    {
        using var process = Process.Start(Prlimit, ["--pid", $"{child.Id}", $"--fsize={softLimit}:"]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
