using System.Globalization;

namespace Coracle.Node.Network;

/// <summary>How setting up the pod network went.</summary>
/// <param name="Error">Why it failed; null if it worked.</param>
/// <param name="BridgeNetfilter">
/// Whether the kernel shows bridged packets to its IP hooks; to be handed to the proxy (<c>ProxyOptions.BridgeNetfilter</c>), which
/// makes do without.
/// </param>
public sealed record BridgeSetup(string? Error, bool BridgeNetfilter)
{
    public bool Ok => Error is null;
}

/// <summary>
/// Makes and removes a node's pod network. The bridge is made here rather than by the first pod's CNI plugin, so that the name server
/// can listen on its address from the start.
/// </summary>
public sealed class BridgeNetwork(BridgeOptions options, RunCommand run)
{
    /// <summary>
    /// Brings everything into the wanted state; what is already there is left alone, so that running pods notice nothing.
    /// <list type="number">
    /// <item>Kernel settings: forwarding, bridged packets shown to the IP hooks.</item>
    /// <item>The bridge with its address; if the host's firewall drops what is forwarded (Docker sees to that), an exception for it.</item>
    /// <item>The CNI configuration (last: containerd reports the network as ready once it is there).</item>
    /// </list>
    /// </summary>
    public async Task<BridgeSetup> EnsureAsync(CancellationToken cancellation)
    {
        // 1.
        var family = options.Pods.FamilyOf();
        var forwarding = family == IpFamily.IPv6 ? "net/ipv6/conf/all/forwarding" : "net/ipv4/ip_forward";
        if (await SetAsync(forwarding, "1", cancellation) is { Ok: false } refused)
        {
            return new BridgeSetup($"cannot turn on forwarding: {refused.Error.Trim()}", false);
        }

        var bridgeNetfilter = await ShowBridgedPacketsAsync(family, cancellation);

        // 2.
        var error = await EnsureBridgeAsync(cancellation) ?? await AcceptForwardingAsync(cancellation);
        if (error is not null)
        {
            return new BridgeSetup(error, bridgeNetfilter);
        }

        // 3.
        return new BridgeSetup(WriteConfig(), bridgeNetfilter);
    }

    /// <summary>
    /// Removes the CNI configuration, the pods' interfaces, the bridge and the allocator's records. What is not there is no error;
    /// the first thing that cannot be removed is, and is returned.
    /// </summary>
    public async Task<string?> RemoveAsync(CancellationToken cancellation)
    {
        try
        {
            File.Delete(options.ConfigPath);
            if (Directory.Exists(options.IpamDirectory))
            {
                Directory.Delete(options.IpamDirectory, recursive: true);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure is DirectoryNotFoundException ? await RemoveLinksAsync(cancellation) : failure.Message;
        }

        return await RemoveLinksAsync(cancellation);
    }

    private async Task<string?> RemoveLinksAsync(CancellationToken cancellation)
    {
        foreach (var rule in ForwardingRules)
        {
            // Mostly they are not there, and mostly neither is the command's table.
            await run(new Command("iptables", ["-w", "-D", "FORWARD", .. rule]), cancellation);
        }

        if (!await ExistsAsync(cancellation))
        {
            return null;
        }

        var ports = await run(new Command("ip", "-o", "link", "show", "master", options.BridgeName), cancellation);
        foreach (var port in ParseLinkNames(ports.Output))
        {
            // Deleting one end of a pair deletes the other, in the pod, too. It may be gone already.
            await run(new Command("ip", "link", "delete", "dev", port), cancellation);
        }

        var deleted = await run(new Command("ip", "link", "delete", "dev", options.BridgeName), cancellation);
        return deleted.Ok ? null : deleted.Error.Trim();
    }

    private async Task<bool> ShowBridgedPacketsAsync(IpFamily family, CancellationToken cancellation)
    {
        var setting = family == IpFamily.IPv6 ? "net/bridge/bridge-nf-call-ip6tables" : "net/bridge/bridge-nf-call-iptables";
        if (await SetAsync(setting, "1", cancellation) is { Ok: true })
        {
            return true;
        }

        await run(new Command("modprobe", "br_netfilter"), cancellation);
        return await SetAsync(setting, "1", cancellation) is { Ok: true };
    }

    // Through a command rather than by writing the file, so that it can be made to happen in another network namespace.
    private Task<CommandResult> SetAsync(string setting, string value, CancellationToken cancellation) =>
        run(new Command("tee", $"/proc/sys/{setting}") { Input = value }, cancellation);

    private async Task<string?> EnsureBridgeAsync(CancellationToken cancellation)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"{options.Gateway}/{options.Pods.PrefixLength}");
        string[][] steps =
        [
            ["link", "add", "name", options.BridgeName, "address", options.HardwareAddress, "type", "bridge"],
            ["addr", "replace", address, "dev", options.BridgeName],
            ["link", "set", "dev", options.BridgeName, "up"],
        ];
        foreach (var step in await ExistsAsync(cancellation) ? steps[1..] : steps)
        {
            var result = await run(new Command("ip", [.. step]), cancellation);
            if (!result.Ok)
            {
                return $"ip {string.Join(' ', step)}: {result.Error.Trim()}";
            }
        }

        return options.LoopbackNodePorts
            && await SetAsync($"net/ipv4/conf/{options.BridgeName}/route_localnet", "1", cancellation) is { Ok: false } refused
            ? $"cannot route loopback addresses to the bridge: {refused.Error.Trim()}"
            : null;
    }

    private string[][] ForwardingRules => [["-i", options.BridgeName, "-j", "ACCEPT"], ["-o", options.BridgeName, "-j", "ACCEPT"]];

    /// <summary>No table of ours can accept what another table drops, so the exception has to be made in the table that drops.</summary>
    private async Task<string?> AcceptForwardingAsync(CancellationToken cancellation)
    {
        var forward = await run(new Command("iptables", "-w", "-S", "FORWARD"), cancellation);
        if (!forward.Ok || !forward.Output.StartsWith("-P FORWARD DROP", StringComparison.Ordinal))
        {
            return null;
        }

        foreach (var rule in ForwardingRules)
        {
            if (!(await run(new Command("iptables", ["-w", "-C", "FORWARD", .. rule]), cancellation)).Ok
                && await run(new Command("iptables", ["-w", "-I", "FORWARD", .. rule]), cancellation) is { Ok: false } failed)
            {
                return $"the firewall drops forwarded packets and takes no exception: {failed.Error.Trim()}";
            }
        }

        return null;
    }

    private async Task<bool> ExistsAsync(CancellationToken cancellation) =>
        (await run(new Command("ip", "-o", "link", "show", "dev", options.BridgeName), cancellation)).Ok;

    /// <summary>Writes beside and renames: containerd watches the directory and must never read half a file.</summary>
    private string? WriteConfig()
    {
        var config = CniConfig.Render(options);
        var temporary = options.ConfigPath + ".tmp";
        try
        {
            Directory.CreateDirectory(options.CniDirectory);
            if (File.Exists(options.ConfigPath) && File.ReadAllText(options.ConfigPath) == config)
            {
                return null;
            }

            File.WriteAllText(temporary, config);
            File.Move(temporary, options.ConfigPath, overwrite: true);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"cannot write {options.ConfigPath}: {failure.Message}";
        }
    }

    /// <summary>The names in lines such as <c>7: veth1a2b@if2: &lt;BROADCAST,...</c>.</summary>
    internal static IEnumerable<string> ParseLinkNames(string listing) =>
        from line in listing.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        let parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where parts.Length > 1
        select parts[1].TrimEnd(':').Split('@')[0];
}
