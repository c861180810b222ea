using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Resource.V1;

/// <summary>What is asked for and what was given (upstream: apis/resource/validation, ValidateResourceClaim).</summary>
public sealed partial class ResourceClaimRules
{
    private const int UsersMax = 256;
    private const int ResultsMax = 32;
    private const int ConditionsMax = 8;
    private const int DataMax = 10 * 1024;
    private const int AddressesMax = 16;
    private const int InterfaceNameMax = 256;
    private const int HardwareAddressMax = 128;
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");
    private static readonly FieldPath StatusPath = FieldPath.Of("status");

    public override void Validate(ResourceClaim obj, FieldErrors errors) => ClaimSpecChecks.Check(obj.Spec.Devices, SpecPath / "devices", errors);

    public override void ValidateUpdate(ResourceClaim obj, ResourceClaim old, string subresource, FieldErrors errors)
    {
        if (subresource == "status") Status(obj, old, errors);
        else if (!obj.Spec.ContentEquals(old.Spec)) errors.Invalid(SpecPath, Checks.Shown(obj.Spec), Checks.Immutable);
    }

    private static void Status(ResourceClaim obj, ResourceClaim old, FieldErrors errors)
    {
        var (status, before) = (obj.Status, old.Status);
        Users(status, errors);
        Devices(status, errors);
        UsersAgainst(obj, old, errors);
        if (status.Allocation is not { } allocation) return;
        if (before.Allocation is null) Allocation(allocation, obj.Spec.Devices, StatusPath / "allocation", errors);
        else if (!allocation.ContentEquals(before.Allocation)) errors.Invalid(StatusPath / "allocation", Checks.Shown(allocation), Checks.Immutable);
    }

    private static void Users(ResourceClaimStatus status, FieldErrors errors)
    {
        var (users, path) = (status.ReservedFor ?? [], StatusPath / "reservedFor");
        if (!DeviceChecks.Fits(users.Count, UsersMax, path, errors)) return;
        for (var i = 0; i < users.Count; i++)
        {
            errors.RequiredText(path[i] / "resource", users[i].Resource);
            errors.RequiredText(path[i] / "name", users[i].Name);
            errors.RequiredText(path[i] / "uid", users[i].Uid);
        }
        DeviceChecks.Distinct([.. users.Select(u => u.Uid)], path, errors);
    }

    // While a claim is on its way out users may leave, but none may come.
    private static void UsersAgainst(ResourceClaim obj, ResourceClaim old, FieldErrors errors)
    {
        if (obj.Status.ReservedFor is not { Count: > 0 } users) return;
        if (obj.Status.Allocation is null) errors.Forbidden(StatusPath / "reservedFor", "may not be specified when `allocated` is not set");
        else if (obj.Metadata.DeletionTimestamp is not null && users.Any(u => old.Status.ReservedFor?.Exists(o => o.ContentEquals(u)) != true))
            errors.Forbidden(StatusPath / "reservedFor", "new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set");
    }

    private static void Devices(ResourceClaimStatus status, FieldErrors errors)
    {
        var (devices, path) = (status.Devices ?? [], StatusPath / "devices");
        var given = (status.Allocation?.Devices.Results ?? []).Select(r => DeviceId(r.Driver, r.Pool, r.Device, r.ShareID)).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < devices.Count; i++) Device(devices[i], given, path[i], errors);
        DeviceChecks.Distinct([.. devices.Select(d => DeviceId(d.Driver, d.Pool, d.Device, d.ShareID))], path, errors);
    }

    private static string DeviceId(string driver, string pool, string device, string? share) => share is null ? $"{driver}/{pool}/{device}" : $"{driver}/{pool}/{device}/{share}";

    private static void Device(AllocatedDeviceStatus device, HashSet<string> given, FieldPath path, FieldErrors errors)
    {
        DeviceChecks.Driver(device.Driver, path / "driver", errors);
        DeviceChecks.Pool(device.Pool, path / "pool", errors);
        errors.Label(path / "device", device.Device);
        if (device.ShareID is { } share) DeviceChecks.Uid(share, path / "shareID", errors);
        var id = DeviceId(device.Driver, device.Pool, device.Device, device.ShareID);
        if (!given.Contains(id)) errors.Invalid(path, id, "must be an allocated device in the claim");
        if (device.Conditions is { Count: > ConditionsMax } many) errors.TooMany(path / "conditions", many.Count, ConditionsMax);
        ConditionValidation.Check(device.Conditions ?? [], path / "conditions", errors);
        if (device.Data is { } data && !data.Utf8.IsEmpty) DeviceChecks.Raw(data, DataMax, path / "data", errors);
        if (device.NetworkData is { } network) Network(network, path / "networkData", errors);
    }

    private static void Network(NetworkDeviceData network, FieldPath path, FieldErrors errors)
    {
        if (network.InterfaceName.Length > InterfaceNameMax) errors.TooLong(path / "interfaceName", InterfaceNameMax);
        if (network.HardwareAddress.Length > HardwareAddressMax) errors.TooLong(path / "hardwareAddress", HardwareAddressMax);
        if (!DeviceChecks.Fits(network.Ips?.Count, AddressesMax, path / "ips", errors)) return;
        for (var i = 0; i < (network.Ips?.Count ?? 0); i++) errors.Problems((path / "ips")[i], network.Ips![i], IpRules.InterfaceAddress(network.Ips[i]));
        DeviceChecks.Distinct(network.Ips, path / "ips", errors);
    }

    private static void Allocation(AllocationResult allocation, DeviceClaim claim, FieldPath path, FieldErrors errors)
    {
        var (results, config) = (allocation.Devices.Results ?? [], allocation.Devices.Config ?? []);
        var devices = path / "devices";
        if (DeviceChecks.Fits(results.Count, ResultsMax, devices / "results", errors))
            for (var i = 0; i < results.Count; i++) Result(results[i], claim, (devices / "results")[i], errors);
        if (DeviceChecks.Fits(config.Count, 2 * DeviceChecks.ConfigMax, devices / "config", errors))
            for (var i = 0; i < config.Count; i++) Config(config[i], claim, (devices / "config")[i], errors);
        if (allocation.NodeSelector is { } selector) PodSpecValidation.NodeSelector(errors, selector, path / "nodeSelector");
    }

    private static void Result(DeviceRequestAllocationResult result, DeviceClaim claim, FieldPath path, FieldErrors errors)
    {
        ClaimSpecChecks.Reference(result.Request, claim, path / "request", errors);
        DeviceChecks.Driver(result.Driver, path / "driver", errors);
        DeviceChecks.Pool(result.Pool, path / "pool", errors);
        errors.Label(path / "device", result.Device);
        DeviceChecks.Binding(result.BindingConditions, result.BindingFailureConditions, path, errors);
        if (result.ShareID is { } share) DeviceChecks.Uid(share, path / "shareID", errors);
    }

    private static void Config(DeviceAllocationConfiguration config, DeviceClaim claim, FieldPath path, FieldErrors errors)
    {
        if (config.Source.Length == 0) errors.Required(path / "source");
        else errors.OneOf(path / "source", config.Source, AllocationConfigSource.FromClaim, AllocationConfigSource.FromClass);
        ClaimSpecChecks.References(config.Requests, claim, path / "requests", errors);
        DeviceChecks.Configuration(config.Opaque, path, errors);
    }
}
