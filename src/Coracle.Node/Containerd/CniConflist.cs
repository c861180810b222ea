using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Coracle.Node.Containerd;

/// <summary>The usual network of a node: a bridge of its own whose addresses come from the node's pod ranges.</summary>
public static class CniConflist
{
    /// <param name="podRanges">CIDRs, at most one of each family.</param>
    /// <param name="mtu">0 is the kernel's choice.</param>
    /// <param name="hostPorts">Whether the portmap plugin (which needs iptables) serves host ports.</param>
    public static string Bridge(ContainerdLayout layout, IReadOnlyList<string> podRanges, int mtu = 0, bool hostPorts = true)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("cniVersion", "0.4.0");
            json.WriteString("name", layout.NetworkName);
            json.WriteStartArray("plugins");
            WriteBridge(json, layout, podRanges, mtu);
            if (hostPorts)
                WritePortMap(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteBridge(Utf8JsonWriter json, ContainerdLayout layout, IReadOnlyList<string> podRanges, int mtu)
    {
        json.WriteStartObject();
        json.WriteString("type", "bridge");
        json.WriteString("bridge", layout.BridgeName);
        json.WriteBoolean("isGateway", true);
        json.WriteBoolean("hairpinMode", true); // a pod may reach itself through its service
        if (mtu > 0)
            json.WriteNumber("mtu", mtu);
        json.WriteStartObject("ipam");
        json.WriteString("type", "host-local");
        json.WriteString("dataDir", layout.CniStateDirectory);
        json.WriteStartArray("ranges");
        foreach (var range in podRanges)
        {
            json.WriteStartArray();
            json.WriteStartObject();
            json.WriteString("subnet", range);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteStartArray("routes");
        foreach (var any in podRanges.Select(range => range.Contains(':', StringComparison.Ordinal) ? "::/0" : "0.0.0.0/0").Distinct())
        {
            json.WriteStartObject();
            json.WriteString("dst", any);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WritePortMap(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "portmap");
        json.WriteStartObject("capabilities");
        json.WriteBoolean("portMappings", true);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
