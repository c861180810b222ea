using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Coracle.ApiServer;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Hosting;

/// <summary>What this machine is and has, as its node object says it.</summary>
internal static class Machine
{
    /// <summary>The address of the interface with the default route; loopback where there is none.</summary>
    public static string Address()
    {
        foreach (var link in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (link.OperationalStatus != OperationalStatus.Up || link.NetworkInterfaceType == NetworkInterfaceType.Loopback || link.Name.StartsWith("cor", StringComparison.Ordinal)) continue;
            var properties = link.GetIPProperties();
            if (properties.GatewayAddresses.Count == 0) continue;
            foreach (var address in properties.UnicastAddresses)
                if (address.Address.AddressFamily == AddressFamily.InterNetwork) return address.Address.ToString();
        }
        return IPAddress.Loopback.ToString();
    }

    public static Dictionary<string, Quantity> Capacity()
    {
        var memory = File.ReadLines("/proc/meminfo").First(l => l.StartsWith("MemTotal:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        var disk = new DriveInfo("/").TotalSize / 1024;
        return new Dictionary<string, Quantity>
        {
            ["cpu"] = Quantity.Parse(Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)),
            ["memory"] = Quantity.Parse(memory + "Ki"),
            ["pods"] = Quantity.Parse("250"),
            ["ephemeral-storage"] = Quantity.Parse(disk.ToString(CultureInfo.InvariantCulture) + "Ki"),
        };
    }

    public static NodeSystemInfo SystemInfo(string name) => new()
    {
        Architecture = "amd64", OperatingSystem = "linux", MachineID = Text("/etc/machine-id", name), SystemUUID = Text("/etc/machine-id", name),
        BootID = Text("/proc/sys/kernel/random/boot_id", name), KernelVersion = Text("/proc/sys/kernel/osrelease", ""), OsImage = OsImage(),
        KubeletVersion = VersionInfo.GitVersion,
    };

    private static string Text(string path, string otherwise) => File.Exists(path) ? File.ReadAllText(path).Trim() : otherwise;

    private static string OsImage() => File.Exists("/etc/os-release")
        ? File.ReadLines("/etc/os-release").FirstOrDefault(l => l.StartsWith("PRETTY_NAME=", StringComparison.Ordinal))?[12..].Trim('"') ?? "Linux" : "Linux";
}
