using Coracle.Node.Agent.Tests.Support;
using Coracle.Node.Cri;

namespace Coracle.Node.Agent.Tests;

/// <summary>Logs that grow.</summary>
public sealed class LogTests : IDisposable
{
    private readonly AgentFixture _node = new(start: false);
    private readonly string _directory = Directory.CreateTempSubdirectory("coracle-logs-").FullName;

    public LogTests()
    {
        _node.DataDirectory = _directory;
        _node.StartAgent();
        _node.Run(Make.Pod());
        _node.UntilReady();
    }

    public void Dispose()
    {
        _node.Delete();
        _node.Pass(10);
        Directory.Delete(_directory, recursive: true);
    }

    private string Log => Path.Combine(_directory, "logs", $"default_web_{_node.Pod().Metadata.Uid}", "main", "0.log");

    private void Grow(long bytes)
    {
        using var file = new FileStream(Log, FileMode.Append);
        file.SetLength(file.Length + bytes);
    }

    private List<string> Files => [.. Directory.EnumerateFiles(Path.GetDirectoryName(Log)!).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void A_log_that_is_large_gets_a_new_file_and_the_latest_few_are_kept()
    {
        Grow(10 * 1024 * 1024 - 1);
        _node.Pass(11);
        Assert.Equal(["0.log"], Files);
        for (var i = 0; i < 7; i++)
        {
            Grow(10 * 1024 * 1024);
            _node.Pass(11);
            Assert.Equal(0, new FileInfo(Log).Length);
        }
        Assert.Equal(5, Files.Count);
        Assert.Equal(7, _node.Runtime.Times("reopen the log of main").Count);
    }

    [Fact]
    public void A_log_that_the_runtime_does_not_open_anew_keeps_its_name()
    {
        _node.Runtime.OnReopen = () => new GrpcException(GrpcStatusCode.Unavailable, "not now");
        Grow(11 * 1024 * 1024);
        _node.Pass(11);
        Assert.Equal(["0.log"], Files);
        _node.Runtime.OnReopen = () => null;
        _node.Pass(11);
        Assert.Equal(2, Files.Count);
    }

    [Fact]
    public void Logs_go_with_the_containers_that_are_forgotten_and_the_last_but_one_stays()
    {
        for (var i = 0; i < 3; i++)
        {
            File.AppendAllText(Path.Combine(Path.GetDirectoryName(Log)!, $"{i}.log"), "words");
            File.AppendAllText(Path.Combine(Path.GetDirectoryName(Log)!, $"{i}.log.20260101-000000"), "older words");
            _node.Runtime.Exit("main", 1);
            _node.Until(() => _node.Status("main") is { State.Running: not null } status && status.RestartCount == i + 1, "it runs again");
        }
        Assert.Equal(["2.log", "2.log.20260101-000000"], Files);
    }
}
