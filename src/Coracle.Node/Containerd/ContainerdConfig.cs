using System.Globalization;
using System.Text;

namespace Coracle.Node.Containerd;

/// <summary>The configuration file of containerd: version 2 for the releases 1.6 and 1.7, version 3 for 2.x.</summary>
internal static class ContainerdConfig
{
    /// <summary>Snapshotters for file systems we do not use. To probe for them costs time at start.</summary>
    private static readonly string[] Unused = ["aufs", "btrfs", "devmapper", "zfs", "blockfile", "erofs"];

    public static string Write(ContainerdLayout layout, ContainerdOptions options, ContainerdVersion version, string snapshotter)
    {
        var toml = new StringBuilder();
        Line(toml, $"version = {(version.Major >= 2 ? 3 : 2)}");
        Line(toml, $"root = {Quote(layout.RootDirectory)}");
        Line(toml, $"state = {Quote(layout.StateDirectory)}");
        Line(toml, $"disabled_plugins = [{string.Join(", ", Unused.Select(name => Quote($"io.containerd.snapshotter.v1.{name}")))}]");
        Line(toml, $"[grpc]");
        Line(toml, $"address = {Quote(layout.SocketPath)}");
        // containerd makes this directory, by default /opt/containerd.
        Line(toml, $"[plugins.\"io.containerd.internal.v1.opt\"]");
        Line(toml, $"path = {Quote(Path.Combine(layout.RootDirectory, "opt"))}");
        if (version.Major >= 2)
            WriteVersion3(toml, layout, options, version, snapshotter);
        else
            WriteVersion2(toml, layout, options, snapshotter);
        return toml.ToString();
    }

    private static void WriteVersion2(StringBuilder toml, ContainerdLayout layout, ContainerdOptions options, string snapshotter)
    {
        const string cri = "plugins.\"io.containerd.grpc.v1.cri\"";
        Line(toml, $"[{cri}]");
        Line(toml, $"sandbox_image = {Quote(PauseImage.Name)}");
        WriteSandboxSettings(toml);
        Line(toml, $"[{cri}.registry]");
        Line(toml, $"config_path = {Quote(layout.RegistryDirectory)}");
        Line(toml, $"[{cri}.cni]");
        Line(toml, $"bin_dir = {Quote(options.CniBinDirectory)}");
        Line(toml, $"conf_dir = {Quote(layout.CniConfDirectory)}");
        Line(toml, $"[{cri}.containerd]");
        Line(toml, $"default_runtime_name = \"runc\"");
        Line(toml, $"snapshotter = {Quote(snapshotter)}");
        WriteRuntimes(toml, cri, layout, options);
    }

    private static void WriteVersion3(StringBuilder toml, ContainerdLayout layout, ContainerdOptions options, ContainerdVersion version, string snapshotter)
    {
        const string images = "plugins.\"io.containerd.cri.v1.images\"";
        const string runtime = "plugins.\"io.containerd.cri.v1.runtime\"";
        // Its socket is at one place for the whole machine.
        Line(toml, $"[plugins.\"io.containerd.nri.v1.nri\"]");
        Line(toml, $"disable = true");
        Line(toml, $"[{images}]");
        Line(toml, $"snapshotter = {Quote(snapshotter)}");
        Line(toml, $"[{images}.pinned_images]");
        Line(toml, $"sandbox = {Quote(PauseImage.Name)}");
        Line(toml, $"[{images}.registry]");
        Line(toml, $"config_path = {Quote(layout.RegistryDirectory)}");
        Line(toml, $"[{runtime}]");
        WriteSandboxSettings(toml);
        Line(toml, $"[{runtime}.cni]");
        Line(toml, version.Minor >= 1 || version.Major > 2 ? $"bin_dirs = [{Quote(options.CniBinDirectory)}]" : (FormattableString)$"bin_dir = {Quote(options.CniBinDirectory)}");
        Line(toml, $"conf_dir = {Quote(layout.CniConfDirectory)}");
        Line(toml, $"[{runtime}.containerd]");
        Line(toml, $"default_runtime_name = \"runc\"");
        WriteRuntimes(toml, runtime, layout, options);
    }

    private static void WriteSandboxSettings(StringBuilder toml)
    {
        // Without CAP_SYS_RESOURCE the sandbox's own -998 cannot be set, and no sandbox would start.
        Line(toml, $"restrict_oom_score_adj = true");
        // So that a network namespace is known by our directory.
        Line(toml, $"netns_mounts_under_state_dir = true");
    }

    private static void WriteRuntimes(StringBuilder toml, string table, ContainerdLayout layout, ContainerdOptions options)
    {
        foreach (var (name, binary) in options.RuntimeHandlers.Prepend(KeyValuePair.Create("runc", options.OciRuntime)))
        {
            Line(toml, $"[{table}.containerd.runtimes.{Quote(name)}]");
            Line(toml, $"runtime_type = \"io.containerd.runc.v2\"");
            Line(toml, $"[{table}.containerd.runtimes.{Quote(name)}.options]");
            Line(toml, $"BinaryName = {Quote(binary)}");
            Line(toml, $"Root = {Quote(Path.Combine(layout.StateDirectory, "runc"))}");
        }
    }

    private static void Line(StringBuilder toml, FormattableString line) => toml.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    internal static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
