using Coracle.Node.Cri.V1;
using Google.Protobuf;

namespace Coracle.Node.Cri;

public sealed partial class CriRuntime
{
    private const string ImageService = "/runtime.v1.ImageService/";

    private Task<T> ImageCall<T>(string method, IMessage request, MessageParser<T> answer, CancellationToken cancel)
        where T : class, IMessage<T> =>
        _channel.Unary(new GrpcCall(ImageService + method, _options.CallTimeout), request, answer, cancel);

    public async Task<string> PullImage(ImageSpec image, AuthConfig? credentials, PodSandboxConfig? sandboxConfig, CancellationToken cancel)
    {
        var request = new PullImageRequest { Image = image, Auth = credentials, SandboxConfig = sandboxConfig };
        // No deadline: how long a pull may take is for the registry's progress to say, and the runtime watches that.
        return (await _channel.Unary(new GrpcCall(ImageService + "PullImage"), request, PullImageResponse.Parser, cancel)).ImageRef;
    }

    public async Task<IReadOnlyList<Image>> ListImages(CancellationToken cancel) =>
        (await ImageCall("ListImages", new ListImagesRequest(), ListImagesResponse.Parser, cancel)).Images;

    public async Task<Image?> ImageStatus(ImageSpec image, CancellationToken cancel) =>
        (await OrNull(ImageCall("ImageStatus", new ImageStatusRequest { Image = image }, ImageStatusResponse.Parser, cancel)))?.Image;

    public Task RemoveImage(ImageSpec image, CancellationToken cancel) =>
        OrNull(ImageCall("RemoveImage", new RemoveImageRequest { Image = image }, RemoveImageResponse.Parser, cancel));

    public Task<ImageFsInfoResponse> ImageFsInfo(CancellationToken cancel) =>
        ImageCall("ImageFsInfo", new ImageFsInfoRequest(), ImageFsInfoResponse.Parser, cancel);
}
