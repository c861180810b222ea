using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Coracle.Node.Containerd.Wire;
using Coracle.Node.Cri;
using Google.Protobuf;
using static Coracle.Node.Containerd.ImageArchive;

namespace Coracle.Node.Containerd;

/// <summary>
/// Loads images from files into containerd, where the CRI sees them: blobs into its content store, a record for each name, and the
/// layers unpacked as snapshots, so that the first container of the image starts as fast as the second.
/// </summary>
public sealed class ContainerdImages
{
    private const int chunk_bytes = 1024 * 1024;
    private const string Pinned = "io.cri-containerd.pinned";
    private static readonly TimeSpan CallLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan CriLag = TimeSpan.FromSeconds(5);

    private readonly GrpcChannel _channel;
    private readonly string _snapshotter;
    private readonly TimeProvider _time;
    private readonly CriRuntime _runtime;
    private int _attempts;

    internal ContainerdImages(GrpcChannel channel, CriRuntime runtime, string snapshotter, TimeProvider time) =>
        (_channel, _runtime, _snapshotter, _time) = (channel, runtime, snapshotter, time);

    /// <summary>Loads every image for this machine's platform that a tar holds: an OCI layout, or one saved by Docker.</summary>
    /// <returns>The names they now have, complete with registry and tag.</returns>
    /// <exception cref="InvalidDataException">The file is no such tar, has no image for this platform, or none that has a name.</exception>
    /// <exception cref="GrpcException">containerd refused or is not there.</exception>
    public Task<IReadOnlyList<string>> Import(string archivePath, CancellationToken cancel) => Import(archivePath, pinned: false, cancel);

    /// <param name="pinned">Keeps the images from being collected as unused.</param>
    internal async Task<IReadOnlyList<string>> Import(string archivePath, bool pinned, CancellationToken cancel)
    {
        await using var archive = await Open(archivePath, cancel);
        var images = await archive.Images(PauseImage.Architecture, Path.GetFileNameWithoutExtension(archivePath).ToLowerInvariant(), cancel);
        var named = images.Where(image => image.Names.Count > 0).ToArray();
        if (named.Length == 0)
            throw new InvalidDataException("no image in the archive has a name");

        // A lease keeps what we write from the garbage collector until a name holds it.
        var lease = (await Call("leases.v1.Leases/Create", new CreateLeaseRequest { Id = Unique() }, CreateLeaseResponse.Parser, "", cancel)).Lease.Id;
        try
        {
            foreach (var image in named)
                await Import(archive, image, pinned, lease, cancel);
        }
        finally
        {
            await Call("leases.v1.Leases/Delete", new DeleteLeaseRequest { Id = lease }, Nothing.Parser, "", CancellationToken.None);
        }
        string[] names = [.. named.SelectMany(image => image.Names)];
        foreach (var name in names)
            await UntilSeen(name, cancel);
        return names;
    }

    private async Task Import(ImageArchive archive, ArchivedImage image, bool pinned, string lease, CancellationToken cancel)
    {
        foreach (var manifest in image.Manifests)
        {
            // 1. What is referred to goes before what refers to it.
            foreach (var layer in manifest.Layers)
                await Write(archive, layer, [], lease, cancel);
            await Write(archive, manifest.Config, [], lease, cancel);
            await Write(archive, manifest.Manifest, References(manifest), lease, cancel);
            // 2. The layers become snapshots, which the config's label keeps.
            var top = await Unpack(manifest, lease, cancel);
            if (top.Length > 0)
                await Label(manifest.Config.Digest, $"containerd.io/gc.ref.snapshot.{_snapshotter}", top, lease, cancel);
        }
        foreach (var index in Enumerable.Reverse(image.Indexes))
            await Write(archive, index, References(image.Manifests), lease, cancel);
        // 3. The names come last: from then on the image is complete.
        foreach (var name in image.Names)
            await Name(name, image.Target, pinned, lease, cancel);
    }

    // ---- blobs

    /// <summary>Labels through which the garbage collector sees what a manifest refers to.</summary>
    private static Dictionary<string, string> References(ArchivedManifest manifest)
    {
        var labels = new Dictionary<string, string> { ["containerd.io/gc.ref.content.config"] = manifest.Config.Digest };
        for (var i = 0; i < manifest.Layers.Count; i++)
            labels[$"containerd.io/gc.ref.content.l.{i}"] = manifest.Layers[i].Digest;
        return labels;
    }

    private static Dictionary<string, string> References(IReadOnlyList<ArchivedManifest> manifests)
    {
        var labels = new Dictionary<string, string>();
        for (var i = 0; i < manifests.Count; i++)
            labels[$"containerd.io/gc.ref.content.m.{i}"] = manifests[i].Manifest.Digest;
        return labels;
    }

    private async Task Write(ImageArchive archive, Blob blob, Dictionary<string, string> labels, string lease, CancellationToken cancel)
    {
        if (!await Exists(blob.Digest, lease, cancel))
        {
            try
            {
                var answers = _channel.Duplex(GrpcCallTo("content.v1.Content/Write", lease, null), Pieces(archive, blob, labels, cancel), WriteBlobResponse.Parser, cancel);
                await foreach (var _ in answers) { }
                return;
            }
            catch (GrpcException e) when (e.Code == GrpcStatusCode.AlreadyExists)
            {
                // Another import was faster. The lease holds it all the same.
            }
        }
        foreach (var (key, value) in labels)
            await Label(blob.Digest, key, value, lease, cancel);
    }

    private async Task<bool> Exists(string digest, string lease, CancellationToken cancel)
    {
        try
        {
            await Call("content.v1.Content/Info", new BlobInfoRequest { Digest = digest }, BlobInfoResponse.Parser, lease, cancel);
            return true;
        }
        catch (GrpcException e) when (e.Code == GrpcStatusCode.NotFound)
        {
            return false;
        }
    }

    private async IAsyncEnumerable<IMessage> Pieces(ImageArchive archive, Blob blob, Dictionary<string, string> labels, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var content = archive.OpenBlob(blob);
        var reference = Unique();
        var offset = 0L;
        var buffer = new byte[chunk_bytes];
        while (await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel) is > 0 and var got)
        {
            yield return new WriteBlobRequest
            {
                Action = WriteAction.Write,
                Ref = reference,
                Total = blob.Size,
                Expected = blob.Digest,
                Offset = offset,
                Data = ByteString.CopyFrom(buffer, 0, got),
            };
            offset += got;
        }
        var commit = new WriteBlobRequest { Action = WriteAction.Commit, Ref = reference, Total = blob.Size, Expected = blob.Digest, Offset = offset };
        commit.Labels.Add(labels);
        yield return commit;
    }

    private Task Label(string digest, string key, string value, string lease, CancellationToken cancel) => Call("content.v1.Content/Update", new UpdateBlobRequest
    {
        Info = new BlobInfo { Digest = digest, Labels = { [key] = value } },
        UpdateMask = new FieldMask { Paths = { $"labels.{key}" } },
    }, UpdateBlobResponse.Parser, lease, cancel);

    // ---- snapshots

    /// <returns>The name of the topmost snapshot, which is the chain id of all layers (OCI image spec, "Layer ChainID"); empty without layers.</returns>
    private async Task<string> Unpack(ArchivedManifest manifest, string lease, CancellationToken cancel)
    {
        if (manifest.DiffIds.Count != manifest.Layers.Count)
            throw new InvalidDataException($"the config of {manifest.Manifest.Digest} names {manifest.DiffIds.Count} layers, its manifest {manifest.Layers.Count}");
        var parent = "";
        foreach (var (layer, diffId) in manifest.Layers.Zip(manifest.DiffIds))
        {
            var chain = parent.Length == 0 ? diffId : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{parent} {diffId}")))}";
            if (!await HasSnapshot(chain, lease, cancel))
                await UnpackLayer(layer, diffId, parent, chain, lease, cancel);
            parent = chain;
        }
        return parent;
    }

    private async Task<bool> HasSnapshot(string name, string lease, CancellationToken cancel)
    {
        try
        {
            await Call("snapshots.v1.Snapshots/Stat", new StatSnapshotRequest { Snapshotter = _snapshotter, Key = name }, StatSnapshotResponse.Parser, lease, cancel);
            return true;
        }
        catch (GrpcException e) when (e.Code == GrpcStatusCode.NotFound)
        {
            return false;
        }
    }

    private async Task UnpackLayer(Blob layer, string diffId, string parent, string chain, string lease, CancellationToken cancel)
    {
        var key = Unique();
        var mounts = (await Call("snapshots.v1.Snapshots/Prepare", new PrepareSnapshotRequest { Snapshotter = _snapshotter, Key = key, Parent = parent },
            PrepareSnapshotResponse.Parser, lease, cancel)).Mounts;
        try
        {
            var request = new ApplyRequest
            {
                Diff = new BlobDescriptor { MediaType = layer.MediaType, Digest = layer.Digest, Size = layer.Size },
                Mounts = { mounts },
            };
            // No deadline: a layer may be large and the disk slow.
            var applied = await _channel.Unary(GrpcCallTo("diff.v1.Diff/Apply", lease, null), request, ApplyResponse.Parser, cancel);
            if (applied.Applied.Digest != diffId)
                throw new InvalidDataException($"layer {layer.Digest} unpacks to {applied.Applied.Digest}, but the config says {diffId}");
            await Call("snapshots.v1.Snapshots/Commit", new CommitSnapshotRequest { Snapshotter = _snapshotter, Name = chain, Key = key }, Nothing.Parser, lease, cancel);
        }
        catch (Exception e)
        {
            await Discard(key, lease);
            if (e is not GrpcException { Code: GrpcStatusCode.AlreadyExists })
                throw;
        }
    }

    private async Task Discard(string key, string lease)
    {
        try
        {
            await Call("snapshots.v1.Snapshots/Remove", new RemoveSnapshotRequest { Snapshotter = _snapshotter, Key = key }, Nothing.Parser, lease, CancellationToken.None);
        }
        catch (GrpcException)
        {
            // The garbage collector takes it when the lease ends.
        }
    }

    // ---- names

    private async Task Name(string name, Blob target, bool pinned, string lease, CancellationToken cancel)
    {
        var record = new ImageRecord
        {
            Name = name,
            Target = new BlobDescriptor { MediaType = target.MediaType, Digest = target.Digest, Size = target.Size },
        };
        if (pinned)
            record.Labels.Add(Pinned, "pinned");
        try
        {
            await Call("images.v1.Images/Create", new CreateImageRequest { Image = record }, CreateImageResponse.Parser, lease, cancel);
        }
        catch (GrpcException e) when (e.Code == GrpcStatusCode.AlreadyExists)
        {
            var update = new UpdateImageRequest { Image = record, UpdateMask = new FieldMask { Paths = { "target" } } };
            await Call("images.v1.Images/Update", update, UpdateImageResponse.Parser, lease, cancel);
        }
    }

    /// <summary>The CRI learns of an image by an event: wait until it has.</summary>
    private async Task UntilSeen(string name, CancellationToken cancel)
    {
        var begin = _time.GetTimestamp();
        while (await _runtime.ImageStatus(new Cri.V1.ImageSpec { Image = name }, cancel) is null)
        {
            if (_time.GetElapsedTime(begin) > CriLag)
                throw new GrpcException(GrpcStatusCode.DeadlineExceeded, $"the CRI does not see the image {name}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), _time, cancel);
        }
    }

    // ---- calls

    private Task<T> Call<T>(string method, IMessage request, MessageParser<T> answer, string lease, CancellationToken cancel)
        where T : class, IMessage<T> => _channel.Unary(GrpcCallTo(method, lease, CallLimit), request, answer, cancel);

    private static GrpcCall GrpcCallTo(string method, string lease, TimeSpan? limit)
    {
        var metadata = new List<KeyValuePair<string, string>> { KeyValuePair.Create("containerd-namespace", "k8s.io") };
        if (lease.Length > 0)
            metadata.Add(KeyValuePair.Create("containerd-lease", lease));
        return new GrpcCall($"/containerd.services.{method}", limit, metadata);
    }

    /// <summary>A name that no other import, of this process or another, has in use.</summary>
    private string Unique() => $"coracle-{_time.GetUtcNow().UtcTicks:x}-{Environment.ProcessId}-{Interlocked.Increment(ref _attempts)}";
}
