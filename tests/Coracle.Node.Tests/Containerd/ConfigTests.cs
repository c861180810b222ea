using Coracle.Node.Containerd;

namespace Coracle.Node.Tests.Containerd;

public sealed class ConfigTests
{
    private static readonly ContainerdLayout Layout = new("/data \"x\"");

    private static string Write(int major, int minor) => ContainerdConfig.Write(Layout, new ContainerdOptions
    {
        DataDirectory = Layout.DataDirectory,
        RuntimeHandlers = new Dictionary<string, string> { ["crun"] = "/usr/bin/crun" },
    }, new ContainerdVersion(major, minor), "overlayfs");

    [Theory]
    [InlineData("containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u3\n", 1, 6)]
    [InlineData("containerd containerd.io v2.1.9 0123abcd", 2, 1)]
    [InlineData("containerd github.com/containerd/containerd/v2 2.0.0-rc.1 ", 2, 0)]
    public void Versions_are_read_as_the_binaries_print_them(string printed, int major, int minor) =>
        Assert.Equal(new ContainerdVersion(major, minor), ContainerdVersion.Parse(printed));

    [Fact]
    public void Something_else_is_no_containerd() => Assert.Throws<FormatException>(() => ContainerdVersion.Parse("runc version 1.1.5"));

    [Theory]
    [InlineData(1, 6, "version = 2", "sandbox_image = \"localhost/coracle/pause:1\"", "bin_dir = \"/usr/lib/cni\"")]
    [InlineData(1, 7, "version = 2", "sandbox_image = \"localhost/coracle/pause:1\"", "bin_dir = \"/usr/lib/cni\"")]
    [InlineData(2, 0, "version = 3", "sandbox = \"localhost/coracle/pause:1\"", "bin_dir = \"/usr/lib/cni\"")]
    [InlineData(2, 1, "version = 3", "sandbox = \"localhost/coracle/pause:1\"", "bin_dirs = [\"/usr/lib/cni\"]")]
    [InlineData(3, 0, "version = 3", "sandbox = \"localhost/coracle/pause:1\"", "bin_dirs = [\"/usr/lib/cni\"]")]
    public void Each_release_is_told_in_its_own_words(int major, int minor, params string[] expected)
    {
        var lines = Write(major, minor).Split('\n');
        Assert.Equal(expected[0], lines[0]);
        foreach (var line in (string[])[.. expected, "restrict_oom_score_adj = true", "netns_mounts_under_state_dir = true", "snapshotter = \"overlayfs\"", "BinaryName = \"/usr/bin/crun\""])
            Assert.Contains(line, lines);
    }

    [Fact]
    public void Paths_are_quoted() => Assert.Contains("root = \"/data \\\"x\\\"/containerd/root\"\n", Write(1, 6), StringComparison.Ordinal);

    [Fact]
    public void A_data_directory_too_deep_for_a_socket_has_its_state_elsewhere()
    {
        var deep = new ContainerdLayout("/data/" + new string('d', 80));
        Assert.Equal($"/run/coracle/{deep.Id}", deep.StateDirectory);
        Assert.StartsWith(deep.DataDirectory, deep.RootDirectory, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_data_directories_share_no_name()
    {
        ContainerdLayout one = new("/data/one"), two = new("/data/two");
        Assert.NotEqual(one.BridgeName, two.BridgeName);
        Assert.NotEqual(one.CgroupRoot, two.CgroupRoot);
        Assert.True(one.BridgeName.Length <= 15);
    }

    [Fact]
    public void A_data_directory_is_known_by_its_real_path()
    {
        var directory = Directory.CreateTempSubdirectory("coracle-layout-").FullName;
        Directory.CreateDirectory(Path.Combine(directory, "real"));
        Directory.CreateSymbolicLink(Path.Combine(directory, "link"), "real");
        Assert.Equal(new ContainerdLayout(Path.Combine(directory, "real", "x")).Id, new ContainerdLayout(Path.Combine(directory, "link", "x")).Id);
        Directory.Delete(directory, recursive: true);
    }
}
