namespace Coracle.Commands;

/// <summary>What a containerd node needs of the machine.</summary>
internal static class Requirements
{
    private static readonly (string Program, string Package)[] Programs =
        [("containerd", "containerd"), ("runc", "runc"), ("nft", "nftables"), ("ip", "iproute2"), ("conntrack", "conntrack")];

    public static List<string> Missing()
    {
        var missing = new List<string>();
        if (Environment.UserName != "root" && !IsRoot()) missing.Add("root: containers, networks and cgroups need it");
        foreach (var (program, package) in Programs)
            if (!OnPath(program)) missing.Add($"{program} (Debian package {package})");
        if (!File.Exists("/usr/lib/cni/bridge") && !File.Exists("/opt/cni/bin/bridge")) missing.Add("CNI plugins (Debian package containernetworking-plugins)");
        return missing;
    }

    private static bool IsRoot() => File.ReadLines("/proc/self/status").Any(l => l.StartsWith("Uid:\t0\t", StringComparison.Ordinal));

    private static bool OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/sbin")
        .Any(directory => directory.Length > 0 && File.Exists(Path.Combine(directory, program)));

    public static int Explain(List<string> missing)
    {
        Console.Error.WriteLine("coracle: this machine cannot run containers yet. Missing:");
        foreach (var what in missing) Console.Error.WriteLine($"  - {what}");
        Console.Error.WriteLine("Without them a cluster runs on simulated nodes: coracle up --nodes sim:3");
        return 1;
    }
}
