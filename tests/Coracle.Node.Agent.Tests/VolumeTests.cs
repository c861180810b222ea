using System.Text;
using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent.Tests.Support;

namespace Coracle.Node.Agent.Tests;

/// <summary>Volumes as a container sees them: in real directories, in virtual time.</summary>
public sealed class VolumeTests : IDisposable
{
    private readonly AgentFixture _node = new(start: false);
    private readonly string _directory = Directory.CreateTempSubdirectory("coracle-volumes-").FullName;

    public VolumeTests()
    {
        _node.DataDirectory = _directory;
        _node.StartAgent();
    }

    public void Dispose()
    {
        foreach (var pod in _node.Do(() => _node.Client.ListAsync<Pod>("default")).Items) _node.Delete(pod.Metadata.Name, Sdk.Deletion.Now);
        _node.Pass(10);
        Directory.Delete(_directory, recursive: true);
    }

    private static Pod With(Volume volume, string subPath = "")
    {
        var main = Make.Container();
        main.VolumeMounts = [new() { Name = volume.Name, MountPath = "/data", SubPath = subPath }];
        return Make.Pod(main).With(s => s.Volumes = [volume]);
    }

    private void Map(params (string Key, string Value)[] data) =>
        _node.Create(new ConfigMap { Metadata = new() { Name = "settings", Namespace = "default" }, Data = data.ToDictionary(d => d.Key, d => d.Value) });

    /// <summary>Where a mount of the newest container is on the node.</summary>
    private string At(string path) => _node.Runtime.Made[^1].Mounts.First(m => m.ContainerPath == path).HostPath;

    private static string Text(params string[] path) => File.ReadAllText(Path.Combine(path));

    private static Volume Settings(params KeyToPath[] items) => new() { Name = "v", ConfigMap = new() { Name = "settings", Items = items.Length > 0 ? [.. items] : null } };

    [Fact]
    public void A_config_map_is_files_that_change_with_it_all_at_once()
    {
        Map(("a", "1"), ("b", "1"));
        _node.Run(With(Settings()));
        _node.UntilReady();
        var data = At("/data");
        Assert.Equal(("1", "1"), (Text(data, "a"), Text(data, "b")));
        var first = new FileInfo(Path.Combine(data, "..data")).LinkTarget;
        // A reader that has opened the directory before goes on reading the old ones.
        _node.Change<ConfigMap>("settings", map => map.Data = new() { ["a"] = "2", ["c"] = "2" });
        _node.Pass(61);
        Assert.NotEqual(first, new FileInfo(Path.Combine(data, "..data")).LinkTarget);
        Assert.Equal(("2", "2"), (Text(data, "a"), Text(data, "c")));
        Assert.Equal(["..data", new FileInfo(Path.Combine(data, "..data")).LinkTarget!, "a", "c"], Directory.EnumerateFileSystemEntries(data).Select(e => Path.GetFileName(e)!).Order(StringComparer.Ordinal).OrderBy(n => n == "..data" ? 0 : n[0] == '.' ? 1 : 2));
        Assert.Equal(["sandbox", "start main"], _node.Runtime.Words);
    }

    [Fact]
    public void A_config_map_that_does_not_change_is_not_written_again()
    {
        Map(("a", "1"));
        _node.Run(With(Settings()));
        _node.UntilReady();
        var link = new FileInfo(Path.Combine(At("/data"), "..data")).LinkTarget;
        _node.Pass(600);
        Assert.Equal(link, new FileInfo(Path.Combine(At("/data"), "..data")).LinkTarget);
    }

    [Fact]
    public void Keys_may_have_paths_and_modes_of_their_own()
    {
        Map(("a", "1"), ("b", "1"));
        _node.Run(With(Settings(new KeyToPath { Key = "a", Path = "deep/er/a.txt", Mode = 0x100 })));
        _node.UntilReady();
        Assert.Equal("1", Text(At("/data"), "deep/er/a.txt"));
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(Path.Combine(At("/data"), "deep/er/a.txt")));
        Assert.False(File.Exists(Path.Combine(At("/data"), "b")));
    }

    [Fact]
    public void A_pod_waits_for_a_config_map_that_is_not_there_and_for_a_key_that_it_lacks()
    {
        _node.Run(With(Settings(new KeyToPath { Key = "a", Path = "a" })));
        _node.Pass(3);
        Assert.Equal("ContainerCreating", _node.Status("main").State.Waiting!.Reason);
        Assert.Contains("Warning FailedMount: MountVolume.SetUp failed for volume \"v\" : configmap \"settings\" not found", _node.Events());
        Map(("b", "1"));
        _node.Pass(6);
        Assert.Contains("Warning FailedMount: MountVolume.SetUp failed for volume \"v\" : configmap references non-existent config key: a", _node.Events());
        _node.Change<ConfigMap>("settings", map => map.Data!["a"] = "1");
        _node.UntilReady();
    }

    [Fact]
    public void A_volume_whose_source_has_gone_stays_as_it_was()
    {
        Map(("a", "1"));
        _node.Run(With(Settings()));
        _node.UntilReady();
        _node.Do(() => _node.Client.DeleteAsync<ConfigMap>(new Sdk.Key("default", "settings")));
        _node.Pass(130);
        Assert.Equal("1", Text(At("/data"), "a"));
        Assert.Equal("True", _node.Condition("Ready"));
    }

    [Fact]
    public void A_pod_learns_of_its_labels_as_they_change()
    {
        _node.Run(With(new() { Name = "v", DownwardAPI = new() { Items = [new() { Path = "labels", FieldRef = new() { FieldPath = "metadata.labels" } }] } }));
        _node.UntilReady();
        Assert.Equal("app=\"web\"", Text(At("/data"), "labels"));
        _node.Change<Pod>("web", pod => pod.Metadata.Labels!["tier"] = "front");
        _node.Pass(61);
        Assert.Equal("app=\"web\"\ntier=\"front\"", Text(At("/data"), "labels"));
    }

    [Fact]
    public void An_empty_directory_lives_as_long_as_its_pod()
    {
        _node.Run(With(new() { Name = "v", EmptyDir = new() }));
        _node.UntilReady();
        File.WriteAllText(Path.Combine(At("/data"), "kept"), "yes");
        _node.Runtime.Exit("main", 1);
        _node.Until(() => _node.Status("main").RestartCount == 1, "it runs again");
        Assert.Equal("yes", Text(At("/data"), "kept"));
        var data = At("/data");
        _node.Delete();
        _node.Until(() => _node.Find() is null, "it is gone");
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public void A_part_of_a_volume_is_made_when_it_is_not_there()
    {
        _node.Run(With(new() { Name = "v", EmptyDir = new() }, "one/two"));
        _node.UntilReady();
        Assert.EndsWith("/v/one/two", At("/data"), StringComparison.Ordinal);
        Assert.True(Directory.Exists(At("/data")));
    }

    [Theory]
    [InlineData("link")]
    [InlineData("link/made")]
    [InlineData("twice/made")]
    [InlineData("dangling")]
    public void A_link_in_a_volume_leads_nobody_out_of_it(string subPath)
    {
        var outside = Path.Combine(_directory, "outside");
        Directory.CreateDirectory(outside);
        var volume = Path.Combine(_directory, "volume");
        Directory.CreateDirectory(volume);
        File.CreateSymbolicLink(Path.Combine(volume, "link"), outside);
        File.CreateSymbolicLink(Path.Combine(volume, "twice"), "link");
        File.CreateSymbolicLink(Path.Combine(volume, "dangling"), Path.Combine(_directory, "nothing"));
        _node.Run(With(new() { Name = "v", HostPath = new() { Path = volume } }, subPath));
        _node.Until(() => _node.Status("main").State.Waiting?.Reason == "CreateContainerConfigError", "it is refused");
        Assert.Equal("failed to prepare subPath for volumeMount \"v\" of container \"main\"", _node.Status("main").State.Waiting!.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
    }

    [Fact]
    public void A_path_of_the_node_must_be_what_it_is_said_to_be()
    {
        _node.Run(With(new() { Name = "v", HostPath = new() { Path = Path.Combine(_directory, "absent"), Type = "Directory" } }));
        _node.Pass(3);
        Assert.Contains(_node.Events(), e => e.StartsWith("Warning FailedMount: MountVolume.SetUp failed for volume \"v\" : hostPath type check failed:", StringComparison.Ordinal));
        Directory.CreateDirectory(Path.Combine(_directory, "absent"));
        _node.UntilReady();
    }

    [Fact]
    public void Last_words_are_told_and_the_log_speaks_for_those_who_left_none()
    {
        var quiet = Make.Container("quiet");
        quiet.TerminationMessagePolicy = "FallbackToLogsOnError";
        _node.Run(Make.Pod(Make.Container(), quiet).With(s => s.RestartPolicy = "Never"));
        _node.UntilReady();
        File.WriteAllText(_node.Runtime.Made.First(m => m.Metadata.Name == "main").Mounts.First(m => m.ContainerPath == "/dev/termination-log").HostPath, "farewell");
        _node.Runtime.Exit("main", 0);
        _node.Until(() => _node.Status("main").State.Terminated is not null, "it has ended");
        Assert.Equal("farewell", _node.Status("main").State.Terminated!.Message);
    }

    [Fact]
    [Trait("Category", "root")]
    public void A_token_is_replaced_before_it_expires()
    {
        Assert.SkipUnless(Environment.UserName == "root", "tokens are kept in memory, and to mount that needs root");
        _node.Run(With(new() { Name = "v", Projected = new() { Sources = [new() { ServiceAccountToken = new() { Path = "token", ExpirationSeconds = 3600 } }] } }));
        _node.UntilReady();
        var file = Path.Combine(At("/data"), "token");
        var first = File.ReadAllText(file);
        Assert.Equal($"system:serviceaccount:default:default", Subject(first));
        _node.Pass(2700);
        Assert.Equal(first, File.ReadAllText(file));
        _node.Pass(600);
        Assert.NotEqual(first, File.ReadAllText(file));
    }

    private static string Subject(string token)
    {
        var part = token.Split('.')[1].Replace('-', '+').Replace('_', '/');
        using var claims = System.Text.Json.JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(part.PadRight((part.Length + 3) / 4 * 4, '='))));
        return claims.RootElement.GetProperty("sub").GetString()!;
    }
}
